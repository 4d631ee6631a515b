// Turns an error into a sentence that says what to do. The agent's own message stays readable below.

/** @typedef {{ title: string, advice: string, detail: string, signIn?: boolean, retry?: boolean, fresh?: boolean }} Trouble */

/** @type {Record<string, Omit<Trouble, "detail">>} */
const KNOWN = {
  contextWindowExceeded: {
    title: "This conversation has become too long for the model.",
    advice: "Start a new conversation and say in a few words what is known so far.", fresh: true,
  },
  sessionBudgetExceeded: {
    title: "The budget of this session is used up.",
    advice: "Start a new conversation, or raise the budget in codex's configuration.", fresh: true,
  },
  usageLimitExceeded: {
    title: "The account's usage limit is reached.",
    advice: "Wait until it resets, or sign in with another account or an API key.", signIn: true,
  },
  rateLimitExceeded: {
    title: "Too many requests for this account.", advice: "Wait a minute, then send the message again.", retry: true,
  },
  serverOverloaded: {
    title: "The model's servers are overloaded.", advice: "Wait a moment, then send the message again.", retry: true,
  },
  flexUnavailable: {
    title: "The cheaper service tier has no room now.",
    advice: "Send the message again later, or change the service tier.", retry: true,
  },
  internalServerError: {
    title: "The model's server had a problem.",
    advice: "Send the message again; if it keeps happening, look at the provider's status page.", retry: true,
  },
  unauthorized: { title: "The model's server does not accept the account.", advice: "Sign in again.", signIn: true },
  badRequest: {
    title: "The model's server refused the request.",
    advice: "Read the detail below; the model's name in codex's configuration is the usual cause.",
  },
  sandboxError: {
    title: "The sandbox could not be set up.",
    advice: "Look at the server's log; on this host bubblewrap or user namespaces may be missing.",
  },
  tooManyDenials: {
    title: "The agent was stopped because too many of its actions were denied.",
    advice: "Say what it may do instead, then continue.",
  },
  cyberPolicy: {
    title: "The model's provider stopped this for its security policy.",
    advice: "Say what the work is for, and ask for a narrower step.",
  },
  misalignmentPolicyViolation: {
    title: "The model's provider stopped this answer.", advice: "Read the detail below, then ask in another way.",
  },
  threadRollbackFailed: {
    title: "The conversation could not be taken back.",
    advice: "Reload the page; start a new conversation if it stays like this.", fresh: true,
  },
};

/** @param {any} info codex's `codexErrorInfo` @returns {[string, number | null]} its name and the HTTP status */
function nameAndStatus(info) {
  if (typeof info === "string") return [info, null];
  const name = info && typeof info === "object" ? Object.keys(info)[0] ?? "" : "";
  return [name, info?.[name]?.httpStatusCode ?? null];
}

/** @param {{ message?: string, codexErrorInfo?: any, additionalDetails?: string | null }} error @returns {Trouble} */
export function troubleOf(error) {
  const detail = [error.message, error.additionalDetails].filter(Boolean).join("\n");
  const [name, status] = nameAndStatus(error.codexErrorInfo);
  if (status === 401 || status === 403) return { ...KNOWN.unauthorized, detail };
  if (status === 429) return { ...KNOWN.rateLimitExceeded, detail };
  if (Object.hasOwn(KNOWN, name)) return { ...KNOWN[name], detail };
  if (/Connection|Stream|Attempts/.test(name)) {
    const title = status ? `The model's server answered ${status}.` : "The model's server cannot be reached.";
    return {
      title, advice: "Check the network of the host that runs the server, then send the message again.", detail,
      retry: true,
    };
  }
  return {
    title: "The agent stopped because of an error.", advice: "Read the detail below, then send the message again.", detail,
    retry: true,
  };
}

/**
 * Describes a failed request of the page.
 * @param {unknown} error
 * @param {string} doing the attempted action, such as "open the conversation"
 */
export function sentenceOf(error, doing) {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof Error && error.name === "LostError") {
    const when = /not connected|connection was lost/.test(message) ? " when the page is connected" : "";
    return `Could not ${doing}: ${lower(message)} Try again${when}.`;
  }
  const { code, data } = /** @type {any} */ (error) ?? {};
  if (typeof data?.roleNeeded === "string") return `Could not ${doing}: it needs the role ${data.roleNeeded}.`;
  if (code === -32001) return `Could not ${doing}: the server is busy. Try again in a moment.`;
  if (/is archived/.test(message)) return `Could not ${doing}: it is archived. Restore it from the archive first.`;
  if (/thread not loaded/i.test(message)) return `Could not ${doing}: the agent has not opened it yet. Try again in a moment.`;
  if (/no rollout found|thread not found/i.test(message)) return `Could not ${doing}: the server has no record of it. Start a new conversation.`;
  return `Could not ${doing}: ${ended(lower(message))} Try again, or reload the page.`;
}

/** @param {string} text */
function lower(text) {
  return /^[A-Z][a-z]/.test(text) ? text[0].toLowerCase() + text.slice(1) : text;
}

/** @param {string} text */
function ended(text) {
  const short = text.length > 300 ? `${text.slice(0, 300)}…` : text.trim();
  return /[.!?…]$/.test(short) ? short : `${short}.`;
}
