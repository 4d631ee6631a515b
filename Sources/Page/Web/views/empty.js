// The page before the first message: suggestions, and where commands will run.

import { h, show } from "../dom.js";

/** @type {[string, string][]} */
const SUGGESTIONS = [
  ["Disk", "Which filesystems are nearly full, and what takes the space?"],
  ["Memory", "How much memory is free, and is the host swapping?"],
  ["Load", "Why is the load high? Show the busiest processes."],
  ["Ports", "Which ports are being listened on, and by which processes?"],
  ["Failed services", "Which services have failed, and why?"],
  ["Errors in logs", "Show the errors in the system log of the last hour and sum them up."],
];

export class Empty {
  #write;
  #watch;
  node;

  /**
   * @param {import("../actions/app.js").App} app @param {import("./directory.js").Directory} directory
   * @param {(text: string) => void} suggest
   */
  constructor(app, directory, suggest) {
    this.app = app;
    this.directory = directory;
    this.#write = h("div", { class: "empty-part" },
      h("h2", null, "What should the agent look at?"),
      h("p",
        { class: "quiet" },
        "It works on the server’s host. Every command is shown to you first and runs only when you approve it."),
      h("div", { class: "suggestions" }, ...SUGGESTIONS.map(([label, text]) =>
        h("button",
          { type: "button", class: "suggestion", "data-test": "suggestion", onclick: () => suggest(text) },
          h("strong", null, label), h("span", null, text)))),
      directory.node);
    this.#watch = h("div", { class: "empty-part", hidden: true },
      h("h2", null, "What has the agent looked at?"),
      h("p", { class: "quiet" }, "Open a conversation from the list to watch it."));
    this.node = h("div", { class: "empty", "data-test": "empty" }, this.#write, this.#watch);
  }

  update() {
    const { mayWrite } = this.app.rights;
    show(this.#write, mayWrite);
    show(this.#watch, !mayWrite);
    this.directory.update();
  }
}
