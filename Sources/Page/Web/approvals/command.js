// Asks whether a command may run, or (more serious) whether it may run outside the sandbox.

import { h, ICONS, icon } from "../dom.js";
import { commandText, revealed, warningIn } from "../views/revealed.js";
import { agentsWords, decisions, fromSubAgent, place } from "./parts.js";

/** @param {import("./kinds.js").App} app @param {import("./kinds.js").Prompt} prompt @returns {import("./kinds.js").Content} */
export function commandPrompt(app, prompt) {
  const { params } = prompt;
  const outside = params.sre?.asks === "outsideSandbox";
  const input = params.kind === "writeStdin";
  const network = params.networkApprovalContext;
  const command = params.sre?.command ?? params.command ?? "";
  const title = outside ? "Run this outside the sandbox?"
    : network ? "Allow this network access?"
      : input ? "Send input to a running command?" : "Run this command?";
  const body = [
    command ? h("div",
      { class: "prompt-command", "data-test": "prompt-command" }, commandText(command)) : h("p",
        { class: "note" }, "The agent sent no command text with this question."),
    warningIn(command),
    outside && h("p", { class: "outside", "data-test": "outside-sandbox" }, icon(ICONS.warning),
      h("span", null,
        h("strong", null, "Runs OUTSIDE the sandbox. "),
        "It can change any file that the agent’s user can change.")),
    app.state?.info?.agentIsRoot && h("p", { class: "outside", "data-test": "runs-as-root" }, icon(ICONS.warning),
      h("span", null, h("strong", null, "Runs as root. "), "It can change kernel settings, also inside the sandbox (AGENT_USER=root).")),
    network && h("p",
      { class: "note" }, "It wants to reach ",
      h("strong", { class: "mono" }, revealed(`${network.protocol ?? ""} ${network.host ?? ""}`.trim())), "."),
    network && warningIn(String(network.host ?? "")),
    h("span", { class: "tail" }),
    outside && h("p", { class: "note", "data-test": "outside-limits" },
      "sudo does not work here. Restart services with systemctl: what this command itself leaves running cannot start programs after the server has ended."),
    ...besides(params.sre),
    ...(params.sre?.directory === "unknown"
      ? [h("p", { class: "note", "data-test": "directory-unknown" }, "The agent’s script chooses the directory; the server cannot tell which.")]
      : place("in", params.cwd)),
    ...fromSubAgent(prompt),
    params.additionalPermissions && h("details",
      { class: "note" }, h("summary", null, "It asks for more permissions"),
      h("pre", { class: "raw", tabindex: "0" }, revealed(JSON.stringify(params.additionalPermissions, null, 2)))),
    params.additionalPermissions && warningIn(JSON.stringify(params.additionalPermissions)),
    ...agentsWords(params.reason),
  ].filter((node) => node instanceof Node);
  return {
    title, grave: outside, body, tail: true, reason: true,
    said: `${title} ${command.slice(0, 200)}`,
    actions: decisions(app, prompt, outside ? "Approve outside sandbox" : "Approve"),
  };
}

/**
 * The call's options besides its text. Leaves out codex's defaults.
 * @param {{ shell?: { names: string[], login: boolean }, arguments?: Record<string, unknown> } | undefined} sre
 */
function besides(sre) {
  const { shell, arguments: more } = sre ?? {};
  const rest = more ? JSON.stringify(more) : "";
  return [
    shell && h("p", { class: "note", "data-test": "other-shell" }, "Runs in ",
      h("strong", { class: "mono" }, revealed(shell.names.join(" or "))), shell.login ? "." : ", not as a login shell."),
    rest && h("p", { class: "note", "data-test": "call-arguments" }, "Other arguments: ", h("span", { class: "mono" }, revealed(rest)), "."),
    rest && warningIn(rest),
  ];
}
