// The parts of a document that the renderer uses, without any markup parsing: a test that passes here has built nodes;
// a renderer that uses markup throws.

class FakeText {
  nodeType = 3;
  constructor(text) {
    this.textContent = text;
  }
}

class FakeElement {
  nodeType = 1;
  dataset = {};
  childNodes = [];

  constructor(tag) {
    this.tagName = tag.toUpperCase();
  }

  append(...nodes) {
    for (const node of nodes) {
      if (typeof node === "string") this.childNodes.push(new FakeText(node));
      else this.childNodes.push(node);
    }
  }

  get textContent() {
    return this.childNodes.map((node) => node.textContent).join("");
  }

  set innerHTML(_) {
    throw new Error("markup as a string");
  }

  /** This element and all descendants. */
  *all() {
    yield this;
    for (const node of this.childNodes) if (node instanceof FakeElement) yield* node.all();
  }
}

export function installDocument() {
  globalThis.document = /** @type {any} */ ({
    createElement: (tag) => new FakeElement(tag),
    createTextNode: (text) => new FakeText(text),
  });
}

/** @param {any[]} nodes @returns {any[]} */
export function elementsOf(nodes) {
  return nodes.flatMap((node) => (node instanceof FakeElement ? [...node.all()] : []));
}
