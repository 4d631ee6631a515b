// What a person adds to a decision: a reason that the agent receives when the person declines, and a note for the
// record, folded away to save space.

import { h, show } from "../dom.js";

export class Words {
  #reason = h("input",
    {
      type: "text", class: "field", "data-test": "decline-reason", autocomplete: "off", maxlength: "2000",
      "aria-label": "Reason for declining, sent to the agent", placeholder: "Reason, if you decline",
    });
  #note = h("input",
    {
      type: "text", class: "field", "data-test": "note", autocomplete: "off", maxlength: "2000", hidden: true,
      "aria-label": "Note for the record; the agent does not see it", placeholder: "Note for the record (the agent does not see it)",
    });
  #addNote = h("button",
    { type: "button", class: "link-button", "data-test": "add-note", onclick: () => this.#unfold() }, "Add a note");
  node = h("div", { class: "prompt-words" }, this.#reason, this.#addNote, this.#note);

  get reason() {
    return this.#reason.value.trim();
  }

  get note() {
    return this.#note.value.trim();
  }

  #unfold() {
    show(this.#addNote, false);
    show(this.#note, true);
    this.#note.focus();
  }

  /** @param {{ shown: boolean, editable: boolean, takesNote: boolean }} now */
  update({ shown, editable, takesNote }) {
    this.#reason.readOnly = this.#note.readOnly = !editable;
    show(this.node, shown);
    show(this.#addNote, takesNote && this.#note.hidden);
  }
}
