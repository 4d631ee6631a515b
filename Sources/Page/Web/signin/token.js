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
  #ticketRefusal = "";

  /** @param {() => void} done @param {{ protocol: string, hostname: string }} [from] the page's origin */
  constructor(done, from = location) {
    this.done = done;
    show(this.#clear, travelsInTheClear(from));
  }

  /**
   * The ticket link did not sign in. The form says why until the next sign-in.
   * @param {string} why
   */
  explain(why) {
    this.#ticketRefusal = why;
  }

  /** Returns the reason once, for a person who is signed in anyway. */
  takeRefusal() {
    const why = this.#ticketRefusal;
    this.#ticketRefusal = "";
    return why;
  }

  /** @param {import("../wire/connection.js").ConnectionState} connection */
  update({ phase, lost, message }) {
    const shown = phase === "signin";
    const reason = this.#ticketRefusal || (shown && lost ? message : "");
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
    this.#ticketRefusal = "";
    this.done();
  }
}
