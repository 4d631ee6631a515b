// The files that go with the next message: pasted, dropped or picked.

import { LONG_PASTE, take, textAttachment } from "../actions/attachments.js";
import { fill, h, ICONS, icon, show } from "../dom.js";
import { escaped } from "./revealed.js";

export class Attachments {
  #picker = h("input", { type: "file", multiple: true, class: "unseen", tabindex: "-1", "aria-hidden": "true", "data-test": "file-picker",
    onchange: () => {
      void this.#takeAll([...(this.#picker.files ?? [])]);
      this.#picker.value = "";
    } });
  button = h("button",
    {
      type: "button", class: "round attach", "data-test": "attach", "aria-label": "Add a picture or a file",
      title: "Add a picture or a file. You can also paste or drop it.", onclick: () => this.#picker.click(),
    },
    icon(ICONS.attach));
  #list = h("ul", { class: "attachments-list" });
  #refusal = h("p", { class: "form-error", role: "alert", "data-test": "attachment-refused", hidden: true });
  node = h("div", { class: "attachments", hidden: true }, this.#picker, this.#list, this.#refusal);
  /** @type {import("../actions/attachments.js").Attachment[]} */ all = [];
  /**
   * Those of other conversations' drafts.
   * @type {Map<string, import("../actions/attachments.js").Attachment[]>}
   */
  #kept = new Map();

  /** @param {() => void} changed */
  constructor(changed) {
    this.changed = changed;
  }

  /** @param {HTMLElement} target where files can be dropped */
  acceptDrops(target) {
    target.addEventListener("dragover", (event) => {
      if (![...(event.dataTransfer?.types ?? [])].includes("Files")) return;
      event.preventDefault();
      target.classList.add("dropping");
    });
    target.addEventListener("dragleave", () => target.classList.remove("dropping"));
    target.addEventListener("drop", (event) => {
      target.classList.remove("dropping");
      const files = [...(event.dataTransfer?.files ?? [])];
      if (files.length === 0) return;
      event.preventDefault();
      void this.#takeAll(files);
    });
  }

  /** @param {ClipboardEvent} event */
  paste(event) {
    const files = [...(event.clipboardData?.files ?? [])];
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (files.length > 0 && text === "") {
      event.preventDefault();
      void this.#takeAll(files);
    } else if (text.length > LONG_PASTE) {
      event.preventDefault();
      this.#add(textAttachment("Pasted text", text));
    }
  }

  /**
   * Another conversation is open: its files go with its own message.
   * @param {string} from @param {string} to @param {boolean} moves whether the files move along
   */
  changeDraft(from, to, moves) {
    if (from === to) return;
    if (!moves) {
      this.#kept.set(from, this.all);
      this.all = this.#kept.get(to) ?? [];
    }
    this.#kept.delete(to);
    this.#refuse("");
  }

  /** The message is on its way. */
  takeOut() {
    const out = this.all;
    this.all = [];
    this.#refuse("");
    return out;
  }

  /** @param {import("../actions/attachments.js").Attachment[]} attachments of a message that was not sent */
  putBack(attachments) {
    this.all = [...attachments, ...this.all];
    this.#draw();
  }

  /** @param {File[]} files */
  async #takeAll(files) {
    this.#refuse("");
    for (const file of files) {
      const taken = await take(file);
      if ("refusal" in taken) this.#refuse(taken.refusal);
      else this.#add(taken.attachment);
    }
  }

  /** @param {import("../actions/attachments.js").Attachment} attachment */
  #add(attachment) {
    this.all.push(attachment);
    this.#draw();
  }

  /** @param {string} why */
  #refuse(why) {
    this.#refusal.textContent = escaped(why);
    show(this.#refusal, why !== "");
    this.#draw();
  }

  #draw() {
    fill(this.#list, ...this.all.map((attachment) => h("li", { class: "chip", "data-test": "attachment" }, escaped(attachment.label),
      h("button", {
        type: "button", class: "remove", "aria-label": `Remove ${escaped(attachment.label)}`,
        onclick: () => {
          this.all = this.all.filter((other) => other !== attachment);
          this.#draw();
        },
      }, icon(ICONS.close)))));
    show(this.node, this.all.length > 0 || !this.#refusal.hidden);
    this.changed();
  }
}
