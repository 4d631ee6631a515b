// Signs in to a model account: with a code on any device, in this browser, or with a key.

import { cancelLogin, needsSignIn, startLogin } from "../actions/account.js";
import { fill, h, show } from "../dom.js";
import { safeAddress } from "../markdown/inline.js";

/** @typedef {import("../actions/app.js").App} App */

export class AccountForm {
  #key = h("input",
    { type: "password", id: "api-key", class: "field mono", autocomplete: "off", spellcheck: "false", "data-test": "api-key" });
  #body = h("div", null);
  #error = h("p", { class: "form-error", role: "alert", "data-test": "account-error", hidden: true });
  node = h("section",
    { class: "card signin", "data-test": "account-signin", "aria-label": "Sign in to a model account", hidden: true },
    h("h2", null, "Sign in to a model account"), this.#error, this.#body);
  #drawn = "";

  /** @param {App} app */
  constructor(app) {
    this.app = app;
  }

  update() {
    const { account } = this.app.state;
    const wanted = needsSignIn(this.app) && this.app.state.ready;
    show(this.node, wanted);
    if (!wanted) {
      this.#key.value = "";
      this.#drawn = "";
      return;
    }
    this.#error.textContent = account.error;
    show(this.#error, account.error !== "");
    const { mayAdminister } = this.app.rights;
    const drawn = JSON.stringify([account.login, mayAdminister]);
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    if (!mayAdminister) return fill(this.#body, h("p", { class: "quiet", "data-test": "account-needs-admin" },
      "The agent needs a model to think with, and has no account. Signing in to one needs the role admin."));
    fill(this.#body, ...(account.login ? this.#progress(account.login) : this.#choices()));
  }

  #choices() {
    const start = (/** @type {any} */ params) => void startLogin(this.app, params);
    return [
      h("p",
        { class: "quiet" },
        "The agent needs a model to think with. Without an account you can try everything with ",
        h("code", { class: "nowrap" }, "sre-agent serve --demo"), "."),
      h("button",
        {
          type: "button", class: "button primary wide", "data-test": "login-device",
          onclick: () => start({ type: "chatgptDeviceCode" }),
        },
        "ChatGPT with a code"),
      h("p", { class: "quiet small" }, "Works from any device: open a page, type a short code."),
      h("button",
        { type: "button", class: "button wide", "data-test": "login-browser", onclick: () => start({ type: "chatgpt" }) },
        "ChatGPT in this browser"),
      h("p", { class: "quiet small" }, "Only when this browser runs on the server’s own machine."),
      h("form", { class: "field-group", onsubmit: (/** @type {SubmitEvent} */ event) => {
        event.preventDefault();
        const apiKey = this.#key.value.trim();
        if (apiKey !== "") start({ type: "apiKey", apiKey });
      } }, h("label", { for: "api-key" }, "Or an OpenAI API key"), h("div",
        { class: "row" }, this.#key,
        h("button", { type: "submit", class: "button", "data-test": "login-key" }, "Use key"))),
    ];
  }

  /** @param {any} login */
  #progress(login) {
    const cancel = h("button",
      { type: "button", class: "button", "data-test": "login-cancel", onclick: () => void cancelLogin(this.app) },
      "Cancel");
    if (login.pending) return [h("p", { role: "status" }, "Asking for a way to sign in…"), cancel];
    const address = safeAddress(login.verificationUrl ?? login.authUrl ?? "");
    const link = address ? h("a",
      { class: "button primary wide", href: address, target: "_blank", rel: "noopener noreferrer", "data-test": "login-link" },
      `Open ${new URL(address).host}`) : null;
    if (login.type === "chatgptDeviceCode") {
      return [
        h("ol",
          { class: "steps" }, h("li", null, "Open the page below, on this or any other device."),
          h("li", null, "Sign in there and type this code:")),
        h("p", { class: "user-code", "data-test": "user-code", "aria-label": "Code" }, login.userCode ?? ""), link,
        h("p", { class: "quiet", role: "status" }, "Waiting until you are done there…"), cancel,
      ];
    }
    return [
      h("p", null, "Sign in on the page below, then come back."), link,
      h("p", { class: "quiet", role: "status" }, "Waiting until you are done there…"), cancel,
    ];
  }
}
