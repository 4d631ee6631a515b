// Colors in code change nothing but colors.

import assert from "node:assert/strict";
import { test } from "node:test";
import { highlight } from "../../Sources/Page/Web/markdown/highlight.js";

const kinds = (text, language) => highlight(text, language).filter(({ kind }) => kind !== "").map(({ text: part, kind }) => `${kind}:${part}`);

test("every character stays, in every language", () => {
  const texts = ["echo 'a\n\"b # c\n", "if x then 12 fi # end", "`${a}` // b /* c", "\"unfinished", "{\"a\": [1, true]}", "+a\n-b\n@@ -1 +1 @@\n c", "", "\u202e'x"];
  for (const language of ["sh", "python", "js", "go", "json", "yaml", "ini", "sql", "diff", "unknown", "constructor", ""]) {
    for (const text of texts) assert.equal(highlight(text, language).map((token) => token.text).join(""), text, `${language}: ${text}`);
  }
});

test("comments, strings, numbers and keywords", () => {
  assert.deepEqual(kinds("if [ 1 ]; then echo \"a # b\"; fi # done", "bash"), ["keyword:if", "number:1", "keyword:then", "string:\"a # b\"", "keyword:fi", "comment:# done"]);
  assert.deepEqual(kinds("do-release-upgrade $# ${#y}", "sh"), []);
  assert.deepEqual(kinds("return None  # it's", "py"), ["keyword:return", "keyword:None", "comment:# it's"]);
  assert.deepEqual(kinds("{\"a\": true, \"b\": 1.5}", "json"), ["string:\"a\"", "keyword:true", "string:\"b\"", "number:1.5"]);
  assert.deepEqual(kinds("text 1", "prolog"), []);
});

test("a diff's lines", () => {
  assert.deepEqual(kinds("@@ -1 +1 @@\n-a\n+b\n c\n", "diff"), ["hunk:@@ -1 +1 @@\n", "removed:-a\n", "added:+b\n"]);
});
