// A question for which this page has no form. The page shows the raw question and lets the person decline it, so that
// the turn does not wait forever.

import { refuse } from "../actions/answers.js";
import { h } from "../dom.js";
import { revealed, warningIn } from "../views/revealed.js";
import { stopAction } from "./parts.js";

/** @param {import("./kinds.js").App} app @param {import("./kinds.js").Prompt} prompt @returns {import("./kinds.js").Content} */
export function unknownPrompt(app, prompt) {
  return {
    title: "A question this page does not know", grave: false, tail: false, reason: false,
    said: `The server asks something this page does not know: ${prompt.method}`,
    body: [
      h("p",
        { class: "note" }, "Answer it with another client, or decline it. Its name is ",
        h("strong", { class: "mono" }, revealed(prompt.method)), "."),
      h("pre", { class: "raw", tabindex: "0", "data-test": "raw-request" }, revealed(JSON.stringify(prompt.params, null, 2))),
      warningIn(`${prompt.method} ${JSON.stringify(prompt.params)}`),
    ],
    actions: [
      { label: "Decline", intent: "refuse", test: "decline", look: "plain", key: "decline", run: () => refuse(app, prompt) },
      ...stopAction(app, prompt),
    ],
  };
}
