// A command: its text, its directory, its output and its result.

import { fill, h, ICONS, icon } from "../dom.js";
import { warningFor } from "../text/escapes.js";
import { duration, shortPath } from "../text/format.js";
import { usualScript } from "../text/shell.js";
import { copyButton } from "./copy.js";
import { decisionsOf } from "./decision.js";
import { Output } from "./output.js";
import { escaped, revealed, scriptText, warningIn, warningLine } from "./revealed.js";
import { unknownLine } from "./unknown.js";

/** @typedef {import("../state/items.js").Item} Item @typedef {import("./items.js").Surroundings} Surroundings */

const SHORT_COMMAND = 600;

/** @param {Item} item @param {Surroundings} around @returns {import("./items.js").ItemView} */
export function commandView(item, around) {
  const head = h("div", { class: "command-head" });
  const warning = h("div", null);
  const placeWarning = h("div", null);
  const place = h("span", { class: "path" });
  const status = h("div", { class: "command-status" });
  const output = new Output(item);
  const unknown = unknownLine();
  const node = h("div", { class: "block command", role: "group", "data-test": "item-command", "aria-label": "Command" },
    head, warning, h("div",
      { class: "command-meta" },
      place, status), placeWarning, unknown.node, output.node);
  let shownCommand = "";
  let shownPlace = "";

  const view = {
    node,
    update() {
      const command = item.data.command ?? "";
      if (command !== shownCommand) {
        shownCommand = command;
        drawCommand(head, command);
        fill(warning, warningLine(warningFor(command)));
      }
      const cwd = item.data.cwd ?? "";
      if (cwd !== shownPlace) {
        shownPlace = cwd;
        place.title = escaped(cwd);
        fill(place, revealed(shortPath(cwd)));
        fill(placeWarning, warningIn(cwd));
      }
      drawStatus(status, item, around);
      unknown.update(item);
      node.dataset.state = stateOf(item, around);
      output.update();
    },
  };
  if (!item.data.command) fill(
    head, icon(ICONS.terminal), h("span", { class: "quiet" }, "A command that began before you joined"));
  view.update();
  return view;
}

/** @param {HTMLElement} head @param {string} command */
function drawCommand(head, command) {
  fill(head, icon(ICONS.terminal), h("div", { class: "command-words" }, ...foldedCommand(command)),
    copyButton("the command", () => usualScript(command) ?? command, "copy-command"));
}

/**
 * Folds a long command, which opens on request.
 * @param {string} command
 */
export function foldedCommand(command) {
  const text = scriptText(command);
  if (command.length <= SHORT_COMMAND) return [text];
  text.classList.add("clamped");
  const unfold = h("button", { type: "button", class: "link-button", onclick: () => {
    text.classList.remove("clamped");
    unfold.remove();
  } }, `Show the whole command (${command.length.toLocaleString("en")} characters)`);
  return [text, unfold];
}

/** @param {Item} item @param {Surroundings} around */
function stateOf(item, around) {
  const { status, exitCode } = item.data;
  if (around.waiting(item.id)) return "waiting";
  if (item.unknown !== "") return "lost";
  if (item.unnamed === "silent" || item.unnamed === "withdrawn") return item.unnamed;
  if (item.live && !around.turnRuns()) return "unknown";
  if (item.live || status === "inProgress") return "running";
  if (status === "declined") return "declined";
  return status === "failed" || (exitCode ?? 0) !== 0 ? "failed" : "done";
}

/** @param {HTMLElement} status @param {Item} item @param {Surroundings} around */
function drawStatus(status, item, around) {
  const state = stateOf(item, around);
  /** @type {import("../dom.js").Child[]} */
  const parts = [];
  if (state === "waiting") parts.push(h("span", { class: "chip wait" }, "Waits for approval"));
  else if (state === "running") parts.push(
    h("span", { class: "chip run" }, "Running"),
    item.startedAt !== null && h("span", { class: "elapsed", "data-since": String(item.startedAt) }));
  else if (state === "unknown") parts.push(h("span", { class: "chip warn" }, "The agent stopped first; it may still be running"));
  else if (state === "lost") parts.push(h("span", { class: "chip warn", "data-test": "outcome-unknown" }, "Outcome unknown"));
  else if (state === "withdrawn") parts.push(h("span", { class: "chip", "data-test": "withdrawn" }, "The agent stopped before an answer came"));
  else if (state === "silent") parts.push(h("span", { class: "chip", "data-test": "silent" }, "Answered; no output was shown"));
  else if (state === "declined") parts.push(h("span", { class: "chip" }, "Not run"));
  else {
    const code = item.data.exitCode;
    const word = code === null || code === undefined ? "Failed" : code === -1 ? "Stopped" : `Exit ${code}`;
    parts.push(h("span",
      { class: state === "failed" ? "chip bad" : "chip good", "data-test": "exit-code", "data-code": String(code ?? "") },
      word));
    parts.push(h("span", { class: "quiet", "data-test": "duration" }, duration(item.data.durationMs)));
  }
  fill(status, ...decisionsOf(item, around), ...parts);
}
