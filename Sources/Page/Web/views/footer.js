// Below the list of conversations: the signed-in person and the server, its notices, and the sign-out button.

import { fill, h } from "../dom.js";
import { counted } from "../text/format.js";
import { escaped, revealed } from "./revealed.js";

/** @typedef {import("../actions/app.js").App} App */

export class Footer {
  #about = h("div", null);
  node;

  /** @param {App} app @param {{ signOut: () => void, device: HTMLElement }} options */
  constructor(app, options) {
    this.app = app;
    this.options = options;
    this.node = h("div", { class: "server" }, options.device, this.#about);
  }

  update() {
    const { info, account, notices } = this.app.state;
    const { type, email } = account.account ?? {};
    const who = type === "chatgpt" ? email ?? "ChatGPT" : type === "apiKey" ? "API key" : "";
    fill(this.#about,
      info && this.#person(info),
      h("p",
        { class: "quiet small" },
        info ? `sre-agent ${info.version}` : "",
        info?.codexVersion ? ` · codex ${info.codexVersion.replace(/^codex-cli /, "")}` : "",
        who ? ` · ${who}` : ""),
      notices.length > 0 && h("details",
        { class: "notices", "data-test": "notices" },
        h("summary", null, counted(notices.length, "note about the setup", "notes about the setup")),
        ...notices.map((notice) => h("p", null, revealed(notice, "prose")))));
  }

  /** @param {import("../wire/http.js").Info} info */
  #person({ user, name, role }) {
    const signOut = user === "token" && h("button",
      { type: "button", class: "button quiet", "data-test": "signout", onclick: this.options.signOut },
      "Sign out");
    if (!role) return signOut;
    return h("div", { class: "person" },
      h("p", { "data-test": "person" }, "You are ", h("strong", null, escaped(name || "the local user")), " ",
        h("span", { class: "chip", "data-test": "role" }, escaped(role))),
      signOut);
  }
}
