// The plain HTTP calls: server info, sign-in, sign-out, and the link for another device.

import { keepPageKey, pageKeyHeaders } from "./pagekey.js";

/**
 * `startedAt`: milliseconds since 1970, by the server's clock.
 * `role`, `name` and the members after them are missing from servers without roles.
 * @typedef {{ user: string, userId?: string, name?: string, role?: string, sessionApprovals?: boolean, lastingApprovals?: boolean, secure?: boolean, demo: boolean, version: string, codexVersion?: string, agentMode?: string, agentIsRoot?: boolean, workspace?: string, startedAt?: number, defaults?: any, agent?: { state: string, message: string }, threadsRefused?: string | null, development?: boolean }} Info
 * @typedef {{ status: "ok", info: Info, skewMs: number }
 *   | { status: "signin" | "forbidden" | "unreachable", message: string }} InfoAnswer
 */

const LIMIT_MS = 10_000;

/** @param {number} milliseconds */
function within(milliseconds) {
  const control = new AbortController();
  setTimeout(() => control.abort(), milliseconds);
  return control.signal;
}

/** @param {string} path @param {RequestInit & { headers?: Record<string, string> }} [options] */
function call(path, options = {}) {
  return fetch(path, {
    signal: within(LIMIT_MS), cache: "no-store", ...options,
    headers: { ...options.headers, ...pageKeyHeaders() },
  });
}

/** @param {Response} response @param {string} otherwise */
async function errorOf(response, otherwise) {
  const body = await response.json().catch(() => null);
  return typeof body?.error === "string" && body.error !== "" ? body.error : otherwise;
}

/** @returns {Promise<InfoAnswer>} */
export async function readInfo() {
  try {
    const response = await call("api/v1/sre/info");
    if (response.status === 401) return { status: "signin", message: await errorOf(response, "Sign in to use this server.") };
    if (response.status === 403) {
      const message = await errorOf(
        response,
        "This server does not serve the address you opened it at. Open the address it printed when it started.");
      return { status: "forbidden", message };
    }
    if (!response.ok) return {
      status: "unreachable", message: await errorOf(response, `The server answered ${response.status}.`),
    };
    // A phone's clock may be wrong, so remaining time is counted by the server's clock.
    const date = Date.parse(response.headers.get("date") ?? "");
    const skewMs = Number.isNaN(date) || Math.abs(date - Date.now()) < 3000 ? 0 : date - Date.now();
    return { status: "ok", info: await response.json(), skewMs };
  } catch {
    return {
      status: "unreachable",
      message: navigator.onLine === false ? "This device is offline." : "The server cannot be reached.",
    };
  }
}

/**
 * Every approval that waits on this server, including those in conversations that this page has not subscribed to.
 * @returns {Promise<{ requestId: string, threadId: string | null, method: string, params: any }[] | null>} null: failed
 */
export async function readWaiting() {
  try {
    const response = await call("api/v1/sre/approvals");
    const { data } = await response.json();
    return response.ok && Array.isArray(data) ? data : null;
  } catch {
    return null;
  }
}

/** @param {string} token @returns {Promise<string | null>} null, or why it failed */
export function signIn(token) {
  return logIn({ token }, (why) => `${why} Copy it again from where the server keeps it.`);
}

/**
 * Signs in with a link's ticket, which the server accepts once.
 * @param {string} ticket @returns {Promise<string | null>} null, or why it failed
 */
export function signInWithTicket(ticket) {
  return logIn({ ticket }, () =>
    "This link has been used or is older than a minute. Make a new one, or sign in with a token.");
}

/**
 * @param {{ token: string } | { ticket: string }} credential
 * @param {(why: string) => string} refusal
 * @returns {Promise<string | null>}
 */
async function logIn(credential, refusal) {
  try {
    const response = await call("api/v1/sre/login", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(credential),
    });
    if (response.ok) {
      keepPageKey((await response.json()).pageKey);
      return null;
    }
    if (response.status === 429) return errorOf(response, "Too many tries. Wait a minute, then try again.");
    return refusal(await errorOf(response, "This token was not accepted."));
  } catch {
    return "The server cannot be reached. Check the network, then try again.";
  }
}

/** @returns {Promise<void>} */
export async function signOut() {
  await call("api/v1/sre/logout", { method: "POST" }).catch(() => {});
  keepPageKey(null);
}

/**
 * Makes a ticket for a link. The device that opens it within a minute is signed in as this person.
 * @returns {Promise<{ ticket: string, expiresAt: number } | { error: string }>} `expiresAt` by the server's clock
 */
export async function makeTicket() {
  try {
    const response = await call("api/v1/sre/tickets", { method: "POST" });
    if (!response.ok) return { error: await errorOf(response, `The server made no link (${response.status}).`) };
    const { ticket, expiresAt } = await response.json();
    if (typeof ticket === "string" && Number.isFinite(expiresAt)) return { ticket, expiresAt };
    return { error: "The server made no link that this page understands. Reload the page." };
  } catch {
    return { error: "The server cannot be reached. Check the network, then try again." };
  }
}

/**
 * One page of a conversation's record, newest first.
 * @param {{ thread: string, text: string, before: number | null }} asked
 * @returns {Promise<{ data: import("../record/group.js").Entry[], next: number | null } | { error: string }>}
 */
export async function readRecord({ thread, text, before }) {
  const query = new URLSearchParams({ thread, limit: "100" });
  if (text !== "") query.set("q", text);
  if (before !== null) query.set("before", String(before));
  try {
    const response = await call(`api/v1/sre/audit?${query}`);
    if (!response.ok) return { error: await errorOf(response, `The server did not give the record (${response.status}).`) };
    const { data, next } = await response.json();
    if (!Array.isArray(data)) return { error: "The server sent no record that this page understands. Reload the page." };
    return { data, next: typeof next === "number" ? next : null };
  } catch {
    return { error: "The server cannot be reached. Check the network, then try again." };
  }
}

/**
 * One part of a thread's history, newest turn first.
 * @param {string} thread @param {string | null} cursor
 * @returns {Promise<{ data: import("../state/timeline.js").TimelineTurn[], next: string | null } | null>} null: no answer
 */
export async function readTimeline(thread, cursor) {
  const query = cursor === null ? "" : `?${new URLSearchParams({ cursor })}`;
  try {
    const response = await call(`api/v1/sre/threads/${encodeURIComponent(thread)}/timeline${query}`);
    const { data, next } = await response.json();
    return response.ok && Array.isArray(data) ? { data, next: next === null || next === undefined ? null : String(next) } : null;
  } catch {
    return null;
  }
}

/**
 * A directory, and those in it that the person may see. `parent`: the one above, null if they may not see it. `obstacle`:
 * why commands in it may only read.
 * @typedef {{ path: string, parent: string | null, obstacle: string | null, isCut: boolean, directories: { name: string, path: string }[] }} Directories
 */

/** @param {string} path empty: where the server begins @returns {Promise<Directories | { error: string }>} */
export async function readDirectories(path) {
  const query = path === "" ? "" : `?${new URLSearchParams({ path })}`;
  try {
    const response = await call(`api/v1/sre/directories${query}`);
    return response.ok ? await response.json() : { error: await errorOf(response, `The server did not show the directory (${response.status}).`) };
  } catch {
    return { error: "The server cannot be reached. Check the network, then try again." };
  }
}
