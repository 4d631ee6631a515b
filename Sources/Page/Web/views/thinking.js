// The agent's reasoning, folded, and its plan.

import { fill, h } from "../dom.js";
import { firstLine } from "../text/format.js";
import { Prose } from "./message.js";
import { revealed } from "./revealed.js";

/** @typedef {import("../state/items.js").Item} Item */

/** @param {Item} item @returns {import("./items.js").ItemView} */
export function reasoningView(item) {
  const title = h("span", { class: "thinking-title" });
  const prose = new Prose();
  const node = h("details", { class: "thinking", "data-test": "item-reasoning" }, h("summary", null, title), prose.node);
  let drawn = "";
  const view = {
    node,
    update() {
      const text = (item.summary.length > 0 ? item.summary : item.content).join("\n\n");
      // Each part of a summary starts with its title in bold.
      const titles = [...text.matchAll(/^\*\*(.+?)\*\*/gm)];
      const latest = titles.length > 0 ? titles[titles.length - 1][1] : firstLine(text, 80);
      const line = `${item.live ? "Thinking" : "Thought"}${latest ? `: ${latest}` : ""}`;
      if (line !== drawn) {
        drawn = line;
        fill(title, revealed(line, "prose"));
      }
      node.classList.toggle("writing", item.live);
      node.classList.toggle("empty", text === "" && !item.live);
      if (node.open || !item.live) prose.show(text);
    },
  };
  node.addEventListener("toggle", () => view.update());
  view.update();
  return view;
}

/** @param {import("../state/thread.js").PlanStep[]} steps @param {string | null} explanation */
export function planView(steps, explanation) {
  const done = steps.filter((step) => step.status === "completed").length;
  return h("div", { class: "card plan", role: "group", "data-test": "plan", "aria-label": "Plan" },
    h("h2", { class: "card-title" }, "Plan", h("span", { class: "quiet" }, ` ${done} of ${steps.length} done`)),
    explanation && h("p", { class: "quiet" }, revealed(explanation, "prose")),
    h("ol", { class: "plan-steps" }, ...steps.map((step) =>
      h("li",
        { class: step.status, "aria-label": step.status === "inProgress" ? "in progress" : step.status },
        revealed(step.step, "prose")))));
}
