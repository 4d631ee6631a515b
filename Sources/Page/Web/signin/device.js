// "Open on another device": a link, also as a QR code, that signs in the first device that opens it within a minute and
// opens there what is open here.

import { fragmentFor } from "../address.js";
import { fill, h, ICONS, icon, say, show } from "../dom.js";
import { copied } from "../views/copy.js";
import { modal } from "../views/modal.js";
import { qrView } from "../views/qr.js";
import { makeTicket } from "../wire/http.js";
import { isThisMachine, ticketLink } from "./ticket.js";

/** @typedef {import("../actions/app.js").App} App */

export class DeviceLink {
  #open = h("button",
    { type: "button", class: "button quiet", "data-test": "device-link", title: "Open this page on another device, signed in as you", onclick: () => void this.#make() },
    "Other device");
  #panel = h("div", { class: "device", "data-test": "device-panel" });
  node = h("div", null, this.#open);
  dialog = modal("device-dialog", "Open on another device",
    h("div", { class: "shortcuts-head" }, h("h2", null, "Open on another device"),
      h("button", { type: "button", class: "round", "data-test": "device-close", "aria-label": "Close", onclick: () => this.dialog.close() }, icon(ICONS.close))),
    this.#panel);
  /** @type {any} */ #timer = null;

  /** @param {App} app @param {{ origin: string, hostname: string, pathname?: string }} [here] */
  constructor(app, here = location) {
    this.app = app;
    this.here = here;
    this.dialog.addEventListener("close", () => this.#forget());
  }

  update() {
    const isOffered = this.app.rights.role !== null && this.app.state.connection.phase !== "signin";
    show(this.node, isOffered);
    if (!isOffered) this.dialog.close();
  }

  open() {
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
      () => this.#say(
        h("p", { class: "quiet small", role: "status" }, "The link is gone. Make another one if it was not used."),
        h("div", { class: "row" }, h("button", { type: "button", class: "button", "data-test": "device-again", onclick: () => void this.#make() }, "Make another link"))),
      Math.max(0, left));
    this.#say(...this.#link(ticketLink(this.here, made.ticket, fragmentFor(this.app.state)), made.expiresAt));
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
    const picture = qrView(link, "The link as a QR code, for the other device’s camera");
    return [
      isThisMachine(this.here.hostname) && h("p", { class: "quiet small" },
        "This page is open under an address that only this machine has: open it under the server’s own first."),
      picture,
      picture && h("p", { class: "small" }, "Point the other device’s camera at it, or open this link there:"),
      h("div", { class: "row device-row" }, field, copy),
      h("p", { class: "quiet small" },
        "It signs in as you. It works once, for ",
        h("span", { class: "countdown", "data-until": String(expiresAt), "data-server": "", "data-test": "device-left" }), "."),
    ];
  }

  /** @param {...import("../dom.js").Child} children */
  #say(...children) {
    fill(this.#panel, ...children);
    if (!this.dialog.open) this.dialog.showModal();
    // The ticker fills in the time left.
    this.app.changes.add("device");
  }

  /** Clears the link, so that it does not stay on the page. */
  #forget() {
    clearTimeout(this.#timer);
    fill(this.#panel);
  }
}
