import assert from "node:assert/strict";
import { test } from "node:test";
import { sentenceOf, troubleOf } from "../../Sources/Page/Web/text/trouble.js";
import { LostError, RpcError } from "../../Sources/Page/Web/wire/rpc.js";
import { recording } from "./support/recordings.mjs";

test("each of the model's errors says what to do", () => {
  for (const info of ["contextWindowExceeded", "usageLimitExceeded", "serverOverloaded", "other", "unheard-of", null, { httpConnectionFailed: { httpStatusCode: null } }, { responseTooManyFailedAttempts: { httpStatusCode: 429 } }, { toString: 1 }, "__proto__"]) {
    const trouble = troubleOf({ message: "raw words", codexErrorInfo: info });
    assert.match(trouble.title, /\.$/);
    assert.match(trouble.advice, /\.$/);
    assert.equal(trouble.detail, "raw words");
  }
});

test("a recorded 401 asks to sign in, a recorded 500 to try again", () => {
  const errorOf = (name) => recording(name).findLast((line) => line.method === "error").params.error;
  assert.equal(troubleOf(errorOf("e401")).signIn, true);
  assert.equal(troubleOf(errorOf("e500")).retry, true);
});

test("a failed request is a sentence", () => {
  for (const error of [new LostError(), new RpcError("Server overloaded; retry later.", -32001), new RpcError("session x is archived. Run `codex unarchive`"), new RpcError("no rollout found for thread id x"), new RpcError("x".repeat(5000)), "odd"]) {
    const sentence = sentenceOf(error, "open the conversation");
    assert.match(sentence, /^Could not open the conversation: .+\.$/);
    assert.ok(sentence.length < 450);
  }
});
