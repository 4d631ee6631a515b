// "Open on another device": a link that signs in the first device that opens it within a minute.

import { fill, h, say, show } from "../dom.js";
import { copied } from "../views/copy.js";
import { makeTicket } from "../wire/http.js";
import { isThisMachine, ticketLink } from "./ticket.js";

/** @typedef {import("../actions/app.js").App} App */

export class DeviceLink {
  #open = h("button",
    { type: "button", class: "button quiet", "data-test": "device-link", title: "Open this page on another device, signed in as you", onclick: () => void this.#make() },
    "Other device");
  #panel = h("div", { class: "device", hidden: true, "data-test": "device-panel" });
  node = h("div", null, this.#open, this.#panel);
  /** @type {any} */ #timer = null;

  /** @param {App} app @param {{ origin: string, hostname: string, pathname?: string }} [here] */
  constructor(app, here = location) {
    this.app = app;
    this.here = here;
  }

  update() {
    const isOffered = this.app.rights.role !== null && this.app.state.connection.phase !== "signin";
    show(this.node, isOffered);
    if (!isOffered) this.#forget();
  }

  open() {
    this.#open.focus();
    void this.#make();
  }

  async #make() {
    this.#forget();
    this.#open.disabled = true;
    const made = await makeTicket();
    this.#open.disabled = false;
    if ("error" in made) return this.#say(h("p", { class: "form-error", role: "alert" }, made.error));
    const left = made.expiresAt - Date.now() - this.app.state.skewMs;
    this.#timer = setTimeout(
      () => this.#say(h("p", { class: "quiet small", role: "status" }, "The link is gone. Make another one if it was not used.")),
      Math.max(0, left));
    this.#say(...this.#link(ticketLink(this.here, made.ticket), made.expiresAt));
  }

  /** @param {string} link @param {number} expiresAt */
  #link(link, expiresAt) {
    const field = h("input",
      {
        type: "text", class: "field mono", readonly: true, value: link, "data-test": "device-address",
        "aria-label": "Link for the other device", onfocus: () => field.select(),
      });
    const copy = h("button",
      { type: "button", class: "button", "data-test": "device-copy", onclick: async () => {
        say(copy, (await copied(field.value)) ? "Copied" : "Copy it by hand");
      } }, "Copy");
    return [
      h("div", { class: "row device-row" }, field, copy),
      h("p", { class: "quiet small" },
        "It signs in as you. It works once, for ",
        h("span", { class: "countdown", "data-until": String(expiresAt), "data-server": "", "data-test": "device-left" }), "."),
      isThisMachine(this.here.hostname) && h("p", { class: "quiet small" },
        "This page is open under an address that only this machine has: open it under the server’s own first."),
    ];
  }

  /** @param {...import("../dom.js").Child} children */
  #say(...children) {
    fill(this.#panel, ...children);
    show(this.#panel, true);
    // The ticker fills in the time left.
    this.app.changes.add("device");
  }

  /** Clears the link, so that it does not stay on the page. */
  #forget() {
    clearTimeout(this.#timer);
    fill(this.#panel);
    show(this.#panel, false);
  }
}
