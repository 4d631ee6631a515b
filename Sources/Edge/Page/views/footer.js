// Below the list of conversations: which server this is, what it had to say, and the way out.

import { fill, h } from "../dom.js";
import { counted } from "../text/format.js";
import { revealed } from "./revealed.js";

/** @typedef {import("../actions/app.js").App} App */

export class Footer {
  node = h("div", { class: "server" });

  /** @param {App} app @param {{ signOut: () => void }} options */
  constructor(app, options) {
    this.app = app;
    this.options = options;
  }

  update() {
    const { info, account, notices } = this.app.state;
    const { type, email } = account.account ?? {};
    const who = type === "chatgpt" ? email ?? "ChatGPT" : type === "apiKey" ? "API key" : "";
    fill(this.node,
      notices.length > 0 && h("details",
        { class: "notices", "data-test": "notices" },
        h("summary", null, counted(notices.length, "notice of codex", "notices of codex")),
        ...notices.map((notice) => h("p", null, revealed(notice, "prose")))),
      h("p",
        { class: "quiet small" },
        info ? `sre-agent ${info.version}` : "",
        info?.codexVersion ? ` · codex ${info.codexVersion.replace(/^codex-cli /, "")}` : "",
        who ? ` · ${who}` : ""),
      info?.user === "token" && h("button",
        { type: "button", class: "button quiet", "data-test": "signout", onclick: this.options.signOut },
        "Sign out"));
  }
}
