// The parts of a browser that the page's views use: a tree, attributes and events, without any markup parsing. For
// tests that need no layout; the others run in a real browser.

class Node {
  parentNode = null;
  childNodes = [];
  listeners = new Map();

  addEventListener(type, run) {
    this.listeners.set(type, [...(this.listeners.get(type) ?? []), run]);
  }

  /** Bubbles, like the events that the page listens to. */
  fire(type, event = {}) {
    const whole = { type, target: this, currentTarget: this, preventDefault() {}, stopPropagation() {}, ...event };
    for (let node = this; node; node = node.parentNode) for (const run of node.listeners.get(type) ?? []) run(whole);
  }

  appendChild(node) {
    node.parentNode?.drop(node);
    node.parentNode = this;
    this.childNodes.push(node);
    return node;
  }

  append(...nodes) {
    for (const node of nodes) this.appendChild(typeof node === "string" ? new Text(node) : node);
  }

  drop(node) {
    this.childNodes = this.childNodes.filter((child) => child !== node);
    node.parentNode = null;
  }

  replaceChildren(...nodes) {
    for (const node of [...this.childNodes]) this.drop(node);
    this.append(...nodes);
  }

  contains(node) {
    for (let at = node; at; at = at.parentNode) if (at === this) return true;
    return false;
  }

  get textContent() {
    return this.childNodes.map((node) => node.textContent).join("");
  }

  set textContent(text) {
    this.replaceChildren(...(text === "" ? [] : [String(text)]));
  }

  set innerHTML(_) {
    throw new Error("markup as a string");
  }
}

class Text extends Node {
  constructor(data) {
    super();
    this.data = data;
  }

  get textContent() {
    return this.data;
  }
}

class Element extends Node {
  /** Of a dialog. */
  open = false;
  attributes = new Map();
  hidden = false;
  value = "";
  dataset = new Proxy({}, {
    get: (_, name) => this.getAttribute(dataName(name)) ?? undefined,
    set: (_, name, value) => (this.setAttribute(dataName(name), value), true),
    deleteProperty: (_, name) => this.attributes.delete(dataName(name)),
  });
  classList = { toggle: (name, on) => this.#class(name, on), add: (name) => this.#class(name, true), remove: (name) => this.#class(name, false) };

  showModal() {
    this.open = true;
  }

  close() {
    if (!this.open) return;
    this.open = false;
    this.fire("close");
  }

  constructor(tag) {
    super();
    this.tagName = tag.toUpperCase();
  }

  #class(name, on) {
    const names = new Set(this.className.split(" ").filter(Boolean));
    if (on ?? !names.has(name)) names.add(name);
    else names.delete(name);
    this.className = [...names].join(" ");
  }

  get className() {
    return this.getAttribute("class") ?? "";
  }

  set className(names) {
    this.setAttribute("class", names);
  }

  setAttribute(name, value) {
    if (name === "hidden") this.hidden = true;
    this.attributes.set(name, String(value));
  }

  getAttribute(name) {
    return this.attributes.get(name) ?? null;
  }

  get children() {
    return this.childNodes.filter((node) => node instanceof Element);
  }

  get lastElementChild() {
    return this.children.at(-1) ?? null;
  }

  get childElementCount() {
    return this.children.length;
  }

  /** All descendant elements. */
  *all() {
    for (const node of this.children) yield* [node, ...node.all()];
  }

  querySelector(selector) {
    return [...this.all()].find((node) => `.${node.className.split(" ").join(" .")} `.includes(`${selector} `)) ?? null;
  }

  focus() {
    document.activeElement = this;
    this.fire("focus");
  }

  select() {}
  remove() {
    this.parentNode?.drop(this);
  }
}

const dataName = (name) => `data-${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** Observers that a test can trigger. */
export const observed = [];

export function installBrowser() {
  const root = new Element("html");
  const document = Object.assign(root, {
    hidden: false, activeElement: null, body: new Element("body"),
    createElement: (tag) => new Element(tag), createElementNS: (_, tag) => new Element(tag), createTextNode: (text) => new Text(text),
  });
  root.append(document.body);
  Object.assign(globalThis, {
    document, Node, window: new Node(), matchMedia: () => ({ matches: false, addEventListener() {} }), location: { protocol: "http:", hostname: "127.0.0.1", origin: "http://127.0.0.1:8080" },
    IntersectionObserver: class {
      constructor(seen) {
        observed.push(() => seen([{ isIntersecting: true }]));
      }
      observe() {}
      unobserve() {}
      disconnect() {}
    },
  });
}

/**
 * The visible elements of a name: neither hidden nor inside a hidden element.
 * @param {any} node @param {string} name @returns {any[]}
 */
export function shownIn(node, name) {
  return [...node.all()].filter((found) => found.getAttribute("data-test") === name && isShown(found));
}

function isShown(node) {
  for (let at = node; at; at = at.parentNode) if (at.hidden) return false;
  return true;
}
