import assert from "node:assert/strict";
import { test } from "node:test";
import { unwrap, usualScript } from "../../Sources/Page/Web/text/shell.js";

test("the wrapper is told from the script, and nothing is lost", () => {
  for (const command of ["/bin/bash -lc 'df -h'", '/bin/bash -lc "echo \\"a\\""', "ls", "bash -lc 'a' ; rm -rf / #'", `/bin/sh -c "a"; rm "b"`, "", "/bin/bash -lc"]) {
    const { before, script, after } = unwrap(command);
    assert.equal(before + script + after, command);
  }
  assert.equal(unwrap("/bin/bash -lc 'df -h'").script, "df -h");
  assert.equal(unwrap("/usr/bin/zsh -c 'x\ny'").script, "x\ny");
});

test("what only looks like a wrapper is not dimmed", () => {
  for (const command of ["bash -lc 'a' ; rm -rf / #'", `/bin/sh -c "a"; rm "b"`, "/tmp/bash -lc 'x'", "bash -lc 'x' extra"]) {
    assert.equal(unwrap(command).before, "", command);
  }
});

test("the script as the agent wrote it, without codex's own shell", () => {
  assert.equal(usualScript("/bin/bash -lc 'df -h'"), "df -h");
  assert.equal(usualScript(String.raw`/usr/bin/bash -lc "printf 'one\\ntwo' \"\$HOME\""`), String.raw`printf 'one\ntwo' "$HOME"`);
  assert.equal(usualScript(`/usr/bin/bash -lc "echo '"'\`\`\`'"'; sleep 1"`), "echo '```'; sleep 1");
  for (const command of ["/bin/bash -lc 'a' 'b'", "/bin/bash -lc 'a'; rm -rf /", '/bin/bash -lc "$(id)"', "/bin/bash -lc 'a"]) assert.equal(usualScript(command), null, command);
  for (const command of ["/bin/sh -c 'a'", "/bin/zsh -lc 'a'", "ls", "/bin/bash -c 'a'"]) assert.equal(usualScript(command), null, command);
});
