// Signing in to this server, with the token it was started with.

import { h, say, show } from "../dom.js";
import { signIn } from "../wire/http.js";

export class TokenForm {
  #token = h("input",
    {
      type: "password", id: "token", class: "field", autocomplete: "current-password", required: true,
      "data-test": "signin-token", "aria-describedby": "token-error",
    });
  #error = h("p", { id: "token-error", class: "form-error", role: "alert", "data-test": "signin-error", hidden: true });
  #button = h("button", { type: "submit", class: "button primary wide", "data-test": "signin-submit" }, "Sign in");
  node = h("form",
    { class: "card signin", "data-test": "signin", onsubmit: (/** @type {SubmitEvent} */ event) => void this.#submit(event) },
    h("h2", null, "Sign in to this server"),
    h("p", { class: "quiet" }, "Paste the access token. The server says where it is kept when it starts."),
    h("div", { class: "field-group" }, h("label", { for: "token" }, "Access token"), this.#token), this.#error, this.#button);
  #shown = false;

  /** @param {() => void} done */
  constructor(done) {
    this.done = done;
  }

  /** @param {boolean} shown */
  update(shown) {
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
    this.done();
  }
}
