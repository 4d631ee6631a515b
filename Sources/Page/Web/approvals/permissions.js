// Asks whether the agent may have more permissions than its sandbox grants.

import { answer } from "../actions/answers.js";
import { h, ICONS, icon } from "../dom.js";
import { revealed, warningIn } from "../views/revealed.js";
import { agentsWords, place, stopAction } from "./parts.js";

/** @param {import("./kinds.js").App} app @param {import("./kinds.js").Prompt} prompt @returns {import("./kinds.js").Content} */
export function permissionsPrompt(app, prompt) {
  const wanted = prompt.params.permissions ?? {};
  /** @type {Record<string, any>} */
  const granted = {};
  if (wanted.network) granted.network = wanted.network;
  if (wanted.fileSystem) granted.fileSystem = wanted.fileSystem;
  const rows = rowsOf(wanted);
  const body = [
    h("ul",
      { class: "permissions", "data-test": "permissions" },
      ...rows.map(([what, where]) => h("li", null,
        h("strong", null, what), " ", h("span", { class: "path" }, revealed(where)), warningIn(where)))),
    h("p",
      { class: "outside" }, icon(ICONS.warning),
      h("span", null,
        h("strong", null, "Widens the sandbox. "),
        "Commands that follow may use this, each still asked for on its own.")),
    h("span", { class: "tail" }),
    ...place("in", prompt.params.cwd),
    ...agentsWords(prompt.params.reason),
  ];
  return {
    title: "Give the agent more permissions?", grave: true, body, tail: true, reason: false,
    said: `The agent asks for more permissions: ${rows.map((row) => row.join(" ")).join(", ")}`,
    actions: [
      {
        label: "Decline", intent: "refuse", test: "decline", look: "plain", key: "decline",
        run: () => answer(app, prompt, { permissions: {}, scope: "turn" }),
      },
      {
        label: "Grant until the agent is done", intent: "approve", test: "approve", look: "primary", key: "approve",
        run: () => answer(app, prompt, { permissions: granted, scope: "turn" }),
      },
      ...stopAction(app, prompt),
      {
        label: "Grant for this session", intent: "approve", test: "approve-session", look: "quiet", lasts: "session",
        run: () => answer(app, prompt, { permissions: granted, scope: "session" }),
      },
    ],
  };
}

/** @param {any} wanted @returns {[string, string][]} */
function rowsOf(wanted) {
  /** @type {[string, string][]} */
  const rows = [];
  if (wanted.network?.enabled) rows.push(["Network", "any host"]);
  const files = wanted.fileSystem ?? {};
  const entries = files.entries ?? [
    ...(files.read ?? []).map((/** @type {string} */ path) => ({ access: "read", path: { type: "path", path } })),
    ...(files.write ?? []).map((/** @type {string} */ path) => ({ access: "write", path: { type: "path", path } })),
  ];
  for (const { access, path } of entries) {
    const where = path?.path ?? path?.pattern ?? JSON.stringify(path?.value ?? path);
    rows.push([access === "write" ? "Write" : access === "read" ? "Read" : String(access), where]);
  }
  return rows.length > 0 ? rows : [["Unknown", JSON.stringify(wanted)]];
}
