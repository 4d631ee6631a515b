// Signs in to this server with an access token.

import { h, ICONS, icon, say, show } from "../dom.js";
import { signIn } from "../wire/http.js";
import { travelsInTheClear } from "./ticket.js";

export class TokenForm {
  #token = h("input",
    {
      type: "password", id: "token", class: "field", autocomplete: "current-password", required: true,
      "data-test": "signin-token", "aria-describedby": "token-error",
    });
  #reason = h("p", { class: "signin-reason", role: "alert", "data-test": "signin-reason", hidden: true });
  #error = h("p", { id: "token-error", class: "form-error", role: "alert", "data-test": "signin-error", hidden: true });
  #button = h("button", { type: "submit", class: "button primary wide", "data-test": "signin-submit" }, "Sign in");
  #clear = h("p", { class: "hidden-warning", "data-test": "signin-clear", hidden: true }, icon(ICONS.warning),
    h("span", null, "This page came without TLS: the token can be read on the way."));
  node = h("form",
    { class: "card signin", "data-test": "signin", onsubmit: (/** @type {SubmitEvent} */ event) => void this.#submit(event) },
    h("h2", null, "Sign in to this server"), this.#reason,
    h("p", { class: "quiet" }, "Paste the access token. The server says where it is kept when it starts."),
    h("div", { class: "field-group" }, h("label", { for: "token" }, "Access token"), this.#token), this.#error,
    this.#clear, this.#button);
  #shown = false;

  /**
   * @param {import("../actions/app.js").App} app @param {() => void} done
   * @param {{ protocol: string, hostname: string }} [from] the page's origin
   */
  constructor(app, done, from = location) {
    this.app = app;
    this.done = done;
    show(this.#clear, travelsInTheClear(from));
  }

  update() {
    const { connection: { phase, lost, message }, ticketRefusal } = this.app.state;
    const shown = phase === "signin";
    const reason = ticketRefusal || (shown && lost ? message : "");
    say(this.#reason, reason);
    show(this.#reason, reason !== "");
    show(this.node, shown);
    if (shown && !this.#shown) this.#token.focus();
    this.#shown = shown;
  }

  /** @param {SubmitEvent} event */
  async #submit(event) {
    event.preventDefault();
    this.#button.disabled = true;
    say(this.#button, "Signing in…");
    const error = await signIn(this.#token.value.trim());
    this.#button.disabled = false;
    say(this.#button, "Sign in");
    say(this.#error, error ?? "");
    show(this.#error, error !== null);
    if (error !== null) return this.#token.focus();
    this.#token.value = "";
    this.app.state.ticketRefusal = "";
    this.done();
  }
}
