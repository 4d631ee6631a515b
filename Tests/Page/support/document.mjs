// As much of a document as the renderer touches, and nothing that could take markup: a test that
// passes here has built nodes, or it has thrown.

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

  /** Every element below, this one included. */
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
