// The agent asks the person a question with choices or free text.

import { answer } from "../actions/answers.js";
import { h } from "../dom.js";
import { revealed, warningIn } from "../views/revealed.js";
import { stopAction } from "./parts.js";

/** @typedef {{ id: string, read: () => string[], node: HTMLElement }} Field */

/** @param {import("./kinds.js").App} app @param {import("./kinds.js").Prompt} prompt @returns {import("./kinds.js").Content} */
export function questionsPrompt(app, prompt) {
  const questions = prompt.params.questions ?? [];
  /** @type {Field[]} */
  const fields = questions.map((/** @type {any} */ question, /** @type {number} */ index) => fieldOf(question, `${prompt.id}-${index}`));
  const answers = (/** @type {boolean} */ given) => ({ answers: Object.fromEntries(fields.map((field) => [
    field.id, { answers: given ? field.read() : [] },
  ])) });
  return {
    title: questions.length === 1 ? "The agent asks you" : `The agent asks you ${questions.length} questions`,
    grave: false, tail: false, reason: false, conversational: true,
    body: fields.map((field) => field.node),
    said: `The agent asks: ${questions.map((/** @type {any} */ question) => question.question).join(" ")}`,
    actions: [
      {
        label: "Skip", intent: "refuse", test: "decline", look: "plain", key: "decline",
        run: () => answer(app, prompt, answers(false)),
      },
      {
        label: "Answer", intent: "approve", test: "approve", look: "primary",
        ready: () => fields.every((field) => field.read().length > 0), run: () => answer(app, prompt, answers(true)),
      },
      ...stopAction(app, prompt),
    ],
  };
}

/** @param {any} question @param {string} name @returns {Field} */
function fieldOf(question, name) {
  const options = question.options ?? [];
  const own = h("input", {
    type: question.isSecret ? "password" : "text", class: "field", autocomplete: "off", "data-test": "question-text",
    "aria-label": options.length > 0 ? "Another answer" : question.question, placeholder: options.length > 0 ? "Another answer" : "Your answer",
  });
  const radios = options.map((/** @type {any} */ option) => h("input",
    { type: "radio", name, value: option.label, "data-test": "question-option" }));
  own.addEventListener("input", () => {
    if (own.value !== "") for (const radio of radios) radio.checked = false;
  });
  for (const radio of radios) radio.addEventListener("change", () => { own.value = ""; });
  const node = h("fieldset", { class: "question", "data-test": "question" },
    h("legend", null,
      question.header ? h("span", { class: "label" }, revealed(question.header, "prose")) : null,
      revealed(question.question ?? "", "prose"), warningIn(question.question ?? "", "prose")),
    ...options.map((/** @type {any} */ option, /** @type {number} */ index) => h("label", { class: "option" }, radios[index],
      h("span", null,
        h("strong", null, revealed(option.label, "prose")),
        option.description ? h("span", { class: "quiet" }, revealed(option.description, "prose")) : null))),
    options.length === 0 || question.isOther ? own : null);
  return {
    id: question.id,
    node,
    read: () => {
      const chosen = radios.find((/** @type {HTMLInputElement} */ radio) => radio.checked);
      return chosen ? [chosen.value] : own.value.trim() !== "" ? [own.value.trim()] : [];
    },
  };
}
