// Under something that ran when the agent died: nobody knows how it ended, and what that means for whoever goes on.

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
