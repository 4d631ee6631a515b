// File changes by the agent.

import { fill, h, ICONS, icon } from "../dom.js";
import { counted } from "../text/format.js";
import { decisionsOf } from "./decision.js";
import { diffView } from "./diff.js";
import { unknownLine } from "./unknown.js";

/** @typedef {import("../state/items.js").Item} Item @typedef {import("./items.js").Surroundings} Surroundings */

/** @param {Item} item @param {Surroundings} around @returns {import("./items.js").ItemView} */
export function changesView(item, around) {
  const status = h("div", { class: "command-status" });
  const title = h("span", null);
  const body = h("div", null);
  const unknown = unknownLine();
  const node = h("div", { class: "block changes", role: "group", "data-test": "item-changes", "aria-label": "File changes" },
    h("div",
      { class: "command-head" }, icon(ICONS.file), title), h("div", { class: "command-meta" }, h("span", null), status), unknown.node, body);
  /** @type {any} */
  let drawn = null;

  const view = {
    node,
    update() {
      const changes = item.data.changes ?? [];
      if (drawn !== changes) {
        drawn = changes;
        title.textContent = `Change ${counted(changes.length, "file")}`;
        fill(body, diffView(changes, { whole: false, cwd: around.cwd() }));
      }
      fill(status, ...decisionsOf(item, around), chipOf(item, around));
      unknown.update(item);
    },
  };
  view.update();
  return view;
}

/** @param {Item} item @param {Surroundings} around */
function chipOf(item, around) {
  if (around.waiting(item.id)) return h("span", { class: "chip wait" }, "Waits for approval");
  if (item.unknown !== "") return h("span", { class: "chip warn", "data-test": "outcome-unknown" }, "Outcome unknown");
  if (item.cut) return h("span", { class: "chip warn", "data-test": "cut" }, "The agent stopped first: look whether it was applied");
  if (item.live) return h("span", { class: "chip run" }, "Being applied");
  if (item.data.status === "declined") return h("span", { class: "chip" }, "Not applied");
  if (item.data.status === "failed") return h("span", { class: "chip bad" }, "Could not be applied");
  return h("span", { class: "chip good" }, "Applied");
}
