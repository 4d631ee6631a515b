// The note under an item that ran when the agent died: its outcome is unknown, and what that means for the next step.

import { fill, h } from "../dom.js";
import { revealed } from "./revealed.js";

export function unknownLine() {
  const node = h("p", { class: "unknown", "data-test": "unknown-reason", hidden: true });
  let shown = "";
  return {
    node,
    /** @param {import("../state/items.js").Item} item */
    update(item) {
      if (shown === item.unknown) return;
      shown = item.unknown;
      node.hidden = shown === "";
      fill(node, revealed(`${item.unknown} Look at the host before you run it again.`, "prose"));
    },
  };
}
