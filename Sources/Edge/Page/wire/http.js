// The few plain HTTP calls: who am I, sign in, sign out.

/**
 * @typedef {{ user: string, demo: boolean, version: string, codexVersion?: string, agentMode?: string, workspace?: string, defaults?: any, agent?: { state: string, message: string }, development?: boolean }} Info
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

/** @param {Response} response @param {string} otherwise */
async function errorOf(response, otherwise) {
  const body = await response.json().catch(() => null);
  return typeof body?.error === "string" && body.error !== "" ? body.error : otherwise;
}

/** @returns {Promise<InfoAnswer>} */
export async function readInfo() {
  try {
    const response = await fetch("/api/v1/sre/info", { signal: within(LIMIT_MS), cache: "no-store" });
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
    // A phone's clock may be wrong; time left is counted by the server's.
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
 * Every approval that waits on this server, also in conversations that this page does not follow.
 * @returns {Promise<{ requestId: string, threadId: string | null, method: string, params: any }[] | null>} null when nobody knows
 */
export async function readWaiting() {
  try {
    const response = await fetch("/api/v1/sre/approvals", { signal: within(LIMIT_MS), cache: "no-store" });
    const { data } = await response.json();
    return response.ok && Array.isArray(data) ? data : null;
  } catch {
    return null;
  }
}

/** @param {string} token @returns {Promise<string | null>} null, or why not */
export async function signIn(token) {
  try {
    const response = await fetch("/api/v1/sre/login", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ token }),
      signal: within(LIMIT_MS),
    });
    if (response.ok) return null;
    if (response.status === 429) return errorOf(response, "Too many tries. Wait a minute, then try again.");
    return `${await errorOf(response, "This token was not accepted.")} Copy it again from where the server keeps it.`;
  } catch {
    return "The server cannot be reached. Check the network, then try again.";
  }
}

/** @returns {Promise<void>} */
export async function signOut() {
  await fetch("/api/v1/sre/logout", { method: "POST", signal: within(LIMIT_MS) }).catch(() => {});
}
