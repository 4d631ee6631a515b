// The model account: whether codex needs one, and signing in.

import { sentenceOf } from "../text/trouble.js";

/** @typedef {import("./app.js").App} App */

/** @param {App} app */
export async function readAccount(app) {
  const { account } = app.state;
  try {
    const answer = await app.request("account/read", {});
    account.requiresOpenaiAuth = answer.requiresOpenaiAuth === true;
    account.account = answer.account ?? null;
    account.known = true;
    if (account.account) account.login = null;
  } catch (error) {
    // Not every role may ask. Without an answer, the page offers no sign-in.
    account.known = false;
  }
  app.changes.add("account");
}

/** @param {App} app */
export function needsSignIn(app) {
  const { account } = app.state;
  return account.known && account.requiresOpenaiAuth && !account.account;
}

/** @param {App} app @param {any} params of `account/login/start` */
export async function startLogin(app, params) {
  const { account } = app.state;
  account.error = "";
  account.login = { type: params.type, pending: true };
  app.changes.add("account");
  try {
    const answer = await app.request("account/login/start", params, 60_000);
    account.login = { pending: false, ...answer };
    if (answer.type === "apiKey") await readAccount(app);
  } catch (error) {
    account.login = null;
    account.error = sentenceOf(error, "sign in");
  }
  app.changes.add("account");
}

/** @param {App} app */
export async function cancelLogin(app) {
  const { account } = app.state;
  const loginId = account.login?.loginId;
  account.login = null;
  app.changes.add("account");
  if (loginId) await app.request("account/login/cancel", { loginId }).catch(() => {});
}

/** @param {App} app @param {any} params of `account/login/completed` */
export async function loginCompleted(app, params) {
  const { account } = app.state;
  account.login = null;
  const reason = params.error ?? "no reason was given";
  account.error = params.success ? "" : `Signing in did not work: ${reason}. Start again, or use another way below.`;
  await readAccount(app);
}
