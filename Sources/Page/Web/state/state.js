// The page's whole state.

/**
 * @typedef {import("./thread.js").Thread} Thread
 * @typedef {{ requiresOpenaiAuth: boolean, account: any, known: boolean, login: any, error: string }} AccountState
 * @typedef {{ rows: any[], cursor: string | null, archived: boolean, loading: boolean, error: string, loaded: boolean, search: string }} ListState
 * @typedef {{
 *   connection: import("../wire/connection.js").ConnectionState,
 *   ready: boolean,
 *   info: import("../wire/http.js").Info | null,
 *   skewMs: number,
 *   account: AccountState,
 *   agent: { state: string, message: string },
 *   refused: string,
 *   list: ListState,
 *   models: any[] | null,
 *   open: string | null,
 *   place: string | null,
 *   threads: Map<string, Thread>,
 *   prompts: import("./prompts.js").Prompts,
 *   alarms: { threadId: string, itemId: string, message: string }[],
 *   notices: string[],
 *   trouble: string,
 *   waiting: { requestId: string, threadId: string, method: string, params: any }[],
 *   inbox: boolean,
 *   followed: Set<string>,
 *   looks: number,
 *   endings: number,
 *   doubtful: boolean,
 *   heardAt: number,
 *   restarted: boolean,
 *   ticketRefusal: string,
 *   begun: boolean,
 *   stopping: { endsAt: number } | null,
 * }} State
 * `doubtful`: the connection is open but does not answer; nothing was heard since `heardAt`, by this clock.
 * `restarted`: the current session began because the server had restarted.
 * `ticketRefusal`: why the link to this page did not sign in; said until the next sign-in.
 * `begun`: the open conversation began on the empty page.
 * `stopping`: the server is about to stop, at the latest at `endsAt` by its own clock.
 * `place`: the turn to show in the open conversation, until it is shown.
 * `models`: as codex lists them; null: not asked yet.
 * `refused`: why no new conversation can begin, although open ones continue.
 * `waiting`: the server's list of approvals in all conversations. `inbox`: all of them are shown instead of one conversation.
 * `followed`: the threads that the current session has opened. `looks`: how often that list was asked for.
 * `endings`: how many questions this page has seen end.
 */

/** @returns {State} */
export function createState() {
  return {
    connection: { phase: "offline", message: "", retryAt: null, lost: false, brief: false },
    ready: false,
    info: null,
    skewMs: 0,
    account: { requiresOpenaiAuth: false, account: null, known: false, login: null, error: "" },
    agent: { state: "ready", message: "" },
    refused: "",
    list: { rows: [], cursor: null, archived: false, loading: false, error: "", loaded: false, search: "" },
    models: null,
    open: null,
    place: null,
    threads: new Map(),
    prompts: new Map(),
    alarms: [],
    notices: [],
    trouble: "",
    waiting: [],
    inbox: false,
    followed: new Set(),
    looks: 0,
    endings: 0,
    doubtful: false,
    heardAt: 0,
    restarted: false,
    ticketRefusal: "",
    begun: false,
    stopping: null,
  };
}
