// A tool server (MCP) asks the person for input: a form built from its schema, or a page to visit.

import { answer } from "../actions/answers.js";
import { h } from "../dom.js";
import { safeAddress } from "../markdown/inline.js";
import { escaped, revealed, warningIn } from "../views/revealed.js";
import { stopAction } from "./parts.js";
import { unknownPrompt } from "./unknown.js";

/** @typedef {{ name: string, node: HTMLElement, read: () => any, filled: () => boolean, wrong?: () => boolean }} Field */

/** @param {import("./kinds.js").App} app @param {import("./kinds.js").Prompt} prompt @returns {import("./kinds.js").Content} */
export function elicitationPrompt(app, prompt) {
  const { mode, message, url, serverName } = prompt.params;
  if (mode !== "form" && mode !== "url") return unknownPrompt(app, prompt);
  const fields = mode === "form" ? fieldsOf(prompt.params.requestedSchema, String(prompt.id)) : [];
  const filled = () => fields.filter((field) => field.filled()).map((field) => [field.name, field.read()]);
  const content = () => (mode === "form" ? Object.fromEntries(filled()) : null);
  const required = new Set(prompt.params.requestedSchema?.required ?? []);
  return {
    title: mode === "url" ? "Open a page for a tool?" : "A tool asks you", grave: false, tail: false, reason: false,
    said: `The tool server ${serverName} asks: ${message ?? ""}`,
    body: [
      h("figure",
        { class: "agents-words" },
        h("figcaption", null, "The tool server ", h("strong", null, revealed(serverName ?? "?", "prose")), " says"),
        h("blockquote", null, revealed(message ?? "", "prose"))),
      warningIn(message ?? "", "prose"),
      ...(mode === "url" ? linkTo(url ?? "") : fields.map((field) => field.node)),
    ],
    actions: [
      {
        label: "Decline", intent: "refuse", test: "decline", look: "plain", key: "decline",
        run: () => answer(app, prompt, { action: "decline", content: null, _meta: null }),
      },
      {
        label: mode === "url" ? "I have done it" : "Send", intent: "approve", test: "approve", look: "primary",
        ready: () => fields.every((field) => field.filled() || (!required.has(field.name) && !field.wrong?.())),
        run: () => answer(app, prompt, { action: "accept", content: content(), _meta: null }),
      },
      ...stopAction(app, prompt),
    ],
  };
}

/** @param {string} url */
function linkTo(url) {
  const href = safeAddress(url);
  const whole = h("p", { class: "path" }, revealed(url));
  if (!href) return [whole, h("p", { class: "note" }, "This is not a web address, so it is not a link here.")];
  return [
    whole, warningIn(url),
    h("p", null, h("a", { href, target: "_blank", rel: "noopener noreferrer" }, `Open ${new URL(href).host}`)),
  ];
}

/** @param {any} schema @param {string} prefix @returns {Field[]} */
function fieldsOf(schema, prefix) {
  return Object.entries(schema?.properties ?? {}).map(([name, property], index) => fieldOf(
    name, property ?? {}, `${prefix}-${index}`, (schema.required ?? []).includes(name)));
}

/** @param {string} name @param {any} property @param {string} id @param {boolean} required @returns {Field} */
function fieldOf(name, property, id, required) {
  const title = property.title ?? name;
  const about = property.description ? h("span", { class: "quiet" }, revealed(property.description, "prose")) : null;
  const rule = ruleOf(property, required);
  const choices = choicesOf(property.type === "array" ? property.items : property);
  if (property.type === "boolean") {
    const box = h("input", { type: "checkbox", id, "data-test": "elicitation-field", checked: property.default === true });
    return {
      name,
      node: h("label", { class: "option" }, box, h("span", null, h("strong", null, revealed(title, "prose")), about)),
      read: () => box.checked, filled: () => true,
    };
  }
  if (choices) {
    const many = property.type === "array";
    const select = h("select", { id, class: "field", multiple: many, "data-test": "elicitation-field" },
      many ? null : h("option", { value: "" }, "Choose…"),
      ...choices.map(([value, label]) => h("option",
        { value, selected: many ? (property.default ?? []).includes(value) : property.default === value },
        escaped(String(label)))));
    const chosen = () => [...select.selectedOptions].map((option) => option.value).filter((value) => value !== "");
    return {
      name, node: labelled(id, title, rule, about, select), read: () => (many ? chosen() : chosen()[0]),
      filled: () => chosen().length > 0,
    };
  }
  const number = property.type === "number" || property.type === "integer";
  const type = number ? "number" : {
    email: "email", uri: "url", date: "date", "date-time": "datetime-local",
  }[/** @type {string} */ (property.format)] ?? "text";
  const input = h("input", {
    id, type, class: "field", "data-test": "elicitation-field", value: property.default ?? "", min: property.minimum, max: property.maximum,
    step: property.type === "integer" ? "1" : number ? "any" : null, minlength: property.minLength, maxlength: property.maxLength,
  });
  return {
    name, node: labelled(id, title, rule, about, input), read: () => (number ? Number(input.value) : input.value),
    filled: () => input.value !== "" && input.validity.valid, wrong: () => !input.validity.valid,
  };
}

/** @param {string} id @param {string} title @param {string} rule @param {HTMLElement | null} about @param {HTMLElement} input */
function labelled(id, title, rule, about, input) {
  const label = h("label", { for: id }, revealed(title, "prose"), rule ? h("span", { class: "quiet" }, ` (${rule})`) : null);
  return h("div", { class: "field-group" }, label, about, input);
}

/**
 * The rule that a field must satisfy. A disabled button needs an explanation.
 * @param {any} property @param {boolean} required
 */
function ruleOf({ minimum, maximum, minLength, maxLength }, required) {
  const characters = rangeOf(minLength > 1 ? minLength : null, maxLength);
  return [required ? "" : "optional", rangeOf(minimum, maximum), characters && `${characters} characters`].filter(Boolean).join(", ");
}

/** @param {number | null | undefined} least @param {number | null | undefined} most */
function rangeOf(least, most) {
  if (least == null) return most == null ? "" : `at most ${most}`;
  return most == null ? `at least ${least}` : `${least} to ${most}`;
}

/** @param {any} property @returns {[string, string][] | null} value and label */
function choicesOf(property) {
  if (Array.isArray(property?.enum)) return property.enum.map((/** @type {string} */ value, /** @type {number} */ index) => [
    value, property.enumNames?.[index] ?? value,
  ]);
  const titled = property?.oneOf ?? property?.anyOf;
  return Array.isArray(titled) ? titled.map((option) => [option.const, option.title ?? option.const]) : null;
}
