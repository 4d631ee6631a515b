// The inbox: every question that waits, over all conversations, the gravest and oldest first. The dock below shows one at a
// time, with its answers.

import { openThread } from "../actions/threads.js";
import { fill, h, ICONS, icon } from "../dom.js";
import { byGravity, isGrave } from "../state/gravity.js";
import { counted, firstLine } from "../text/format.js";
import { usualScript } from "../text/shell.js";
import { titleOf } from "../views/header.js";
import { escaped } from "../views/revealed.js";

/** @typedef {import("../actions/app.js").App} App */
/** @typedef {{ id: string | number, threadId: string, method: string, params: any }} Waiting */

/** @param {App} app @returns {Waiting[]} delivered and listed ones */
export function allWaiting({ state }) {
  const listed = state.waiting.map(({ requestId, ...rest }) => ({ ...rest, id: requestId }));
  const delivered = [...state.prompts.values()].filter(({ phase }) => phase === "open" || phase === "answering").map(
    ({ id, threadId, method, params }) => ({ id, threadId: params.sre?.subAgentOf ?? threadId ?? "", method, params }));
  const all = new Map([...listed, ...delivered].map((one) => [one.id, one]));
  return [...all.values()].sort(byGravity);
}

export class Inbox {
  #rows = h("ol", { class: "inbox-rows" });
  #title = h("h2", null);
  node = h("section", { class: "inbox", "data-test": "inbox-view", "aria-label": "Questions that wait", hidden: true }, this.#title, this.#rows);
  #drawn = "";

  /** @param {App} app @param {(id: string | number) => void} choose */
  constructor(app, choose) {
    this.app = app;
    this.choose = choose;
  }

  update() {
    const waiting = allWaiting(this.app);
    const drawn = JSON.stringify(waiting.map((one) => [one.id, this.#titleOf(one.threadId), this.app.state.prompts.get(one.id)?.phase]));
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    this.#title.textContent = waiting.length === 0 ? "Nothing waits for an answer." : `${counted(waiting.length, "question")} ${waiting.length === 1 ? "waits" : "wait"} for an answer`;
    fill(this.#rows, ...waiting.map((one) => this.#row(one)));
  }

  /** @param {Waiting} one */
  #row({ id, threadId, method, params }) {
    const grave = isGrave({ method, params });
    const what = params?.sre?.tool ? `${params.sre.tool.server ?? ""} ${params.sre.tool.name}`.trim()
      : params?.sre?.command ?? (usualScript(params?.command ?? "") || params?.command) ?? params?.message ?? params?.reason ?? (method.includes("fileChange") ? "Change files" : "A question");
    const expiresAt = params?.sre?.expiresAt;
    return h("li", { class: `inbox-row ${grave ? "grave" : ""}`, "data-test": "inbox-row", "data-question": String(id) },
      h("button", { type: "button", class: "inbox-choose", "data-test": "inbox-choose", onclick: () => this.choose(id) },
        grave && h("span", { class: "chip bad" }, icon(ICONS.warning), "Grave"),
        h("code", { class: "inbox-what ltr" }, escaped(firstLine(String(what), 160))),
        h("span", { class: "inbox-under quiet" }, h("span", null, this.#titleOf(threadId)),
          expiresAt && h("span", { class: "countdown", "data-until": String(expiresAt), "data-server": "", "aria-label": "Time left" }))),
      h("button", { type: "button", class: "button", "data-test": "inbox-open", onclick: () => openThread(this.app, threadId) }, "Open"));
  }

  /** @param {string} id */
  #titleOf(id) {
    const { state } = this.app;
    return titleOf({ ...state.list.rows.find((row) => row.id === id), ...nonEmpty(state.threads.get(id)) });
  }
}

/** @param {import("../state/thread.js").Thread | undefined} thread */
function nonEmpty(thread) {
  return { ...(thread?.name ? { name: thread.name } : {}), ...(thread?.preview ? { preview: thread.preview } : {}) };
}
