// The models that codex offers, with their efforts.

/** @typedef {import("./app.js").App} App */

/** @param {App} app */
export async function loadModels(app) {
  try {
    const { data } = await app.request("model/list", {});
    app.state.models = data.filter((/** @type {any} */ model) => !model.hidden);
  } catch {
    // Not every role may ask, and the choice is a convenience.
    app.state.models = [];
  }
  app.changes.add("models");
}
