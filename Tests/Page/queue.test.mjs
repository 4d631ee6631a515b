import assert from "node:assert/strict";
import { test } from "node:test";
import { textAttachment } from "../../Sources/Page/Web/actions/attachments.js";
import { loadQueue, queueMessage, removeQueued } from "../../Sources/Page/Web/actions/queue.js";
import { isHeld, queuedIn } from "../../Sources/Page/Web/state/queue.js";
import { createThread } from "../../Sources/Page/Web/state/thread.js";
import { contentOf } from "../../Sources/Page/Web/text/content.js";

const text = (words) => ({ type: "text", text: words, text_elements: [] });

/** An app whose requests are answered by `answers`, by method. */
function appWith(answers) {
  const thread = createThread("t");
  const asked = [];
  return {
    asked, thread, complaints: [],
    state: { threads: new Map([["t", thread]]), open: "t" }, changes: { add() {} },
    request(method, params) {
      asked.push([method, params]);
      return Promise.resolve().then(() => answers[method](params));
    },
    complain(sentence) {
      this.complaints.push(sentence);
    },
  };
}

test("a message is taken apart into what the person wrote and what went with it", () => {
  const file = textAttachment("app.log", "one\n```\ntwo");
  const picture = { type: "image", url: "data:image/png;base64,AA==" };
  assert.deepEqual(contentOf([text("look"), file.input, picture]), {
    text: "look", attachments: [{ label: "app.log (3 lines)", input: file.input }, { label: "A picture", input: picture }],
  });
  // Nobody attached what is only text.
  assert.deepEqual(contentOf([text("a:\n```\nb\n```")]), { text: "a:\n```\nb\n```", attachments: [] });
  assert.deepEqual(contentOf([]), { text: "", attachments: [] });
});

test("what waits is held unless the last turn ended normally", () => {
  const thread = createThread("t");
  assert.equal(isHeld(thread), false);
  thread.queue = queuedIn([{ id: "q", clientUserMessageId: "m", input: [text("later")] }]);
  for (const [status, held] of [["completed", false], ["interrupted", true], ["failed", true]]) {
    thread.turns = [{ status }];
    assert.equal(isHeld(thread), held, status);
  }
  thread.activeTurnId = "u";
  assert.equal(isHeld(thread), false);
});

test("a change during a look is looked up again", async () => {
  const answers = [[], [{ id: "q", clientUserMessageId: "m", input: [text("later")] }]];
  const app = appWith({ "thread/queue/list": () => ({ data: answers.shift() }) });
  const first = loadQueue(app, "t");
  void loadQueue(app, "t");
  void loadQueue(app, "t");
  await first;
  await new Promise((done) => setTimeout(done));
  assert.equal(app.asked.length, 2);
  assert.deepEqual(app.thread.queue.map((queued) => queued.text), ["later"]);
});

test("a message that may have arrived is looked for before it is called lost", async () => {
  let kept = [];
  const lost = () => { throw new Error("gone"); };
  const arrived = appWith({
    "thread/queue/add": (params) => {
      kept = [{ id: "q", ...params }];
      lost();
    },
    "thread/queue/list": () => ({ data: kept }),
  });
  assert.equal(await queueMessage(arrived, "later", []), true);
  assert.deepEqual(arrived.complaints, []);
  const refused = appWith({ "thread/queue/add": lost, "thread/queue/list": () => ({ data: [] }) });
  assert.equal(await queueMessage(refused, "later", []), false);
  assert.equal(refused.complaints.length, 1);
});

test("what the agent has taken cannot be taken back", async () => {
  const app = appWith({ "thread/queue/delete": () => ({ deleted: false }), "thread/queue/list": () => ({ data: [] }) });
  assert.equal(await removeQueued(app, app.thread, { id: "q" }), false);
  assert.deepEqual(app.complaints, ["The agent has this message already."]);
});
