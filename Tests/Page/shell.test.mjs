import assert from "node:assert/strict";
import { test } from "node:test";
import { unwrap } from "../../Sources/Page/Web/text/shell.js";

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
