// The page's service worker: the page opens at once, and without the network. It keeps the page's own files and
// nothing else; every other request passes it by. scripts/bundle-page writes in what the files are.

/**
 * The page's files by address, each with the SHA-256 of its content, in hexadecimal.
 * @type {Record<string, string>}
 */
const FILES = /** @type {any} */ (globalThis).SHELL_FILES;
const VERSION = /** @type {any} */ (globalThis).SHELL_VERSION;
/** The page itself: the worker's scope. */
const PAGE = "./";

const worker = /** @type {any} */ (self);
/** @type {string} */
const scope = worker.registration.scope;
// Another server may share the origin, below another path.
const OURS = `sre-agent-shell ${scope} `;
const CACHE = OURS + VERSION;

worker.addEventListener("install", (/** @type {any} */ event) => event.waitUntil(install()));
worker.addEventListener("activate", (/** @type {any} */ event) => event.waitUntil(activate()));
worker.addEventListener("fetch", (/** @type {any} */ event) => {
  const { request } = event;
  if (request.method !== "GET" || !request.url.startsWith(scope)) return;
  const address = request.url.slice(scope.length).split("#")[0];
  if (request.mode === "navigate") {
    if (address === "") event.respondWith(page(event));
  } else if (Object.hasOwn(FILES, address)) {
    event.respondWith(file(address, request));
  }
});

/** Keeps all files or none. A proxy may have answered in the server's place, so each is compared with its hash. */
async function install() {
  const responses = await Promise.all(Object.keys(FILES).map(async (address) => {
    const response = await fetch(new Request(new URL(address, scope).href, { cache: address === PAGE ? "no-cache" : "default" }));
    const hash = await crypto.subtle.digest("SHA-256", await response.clone().arrayBuffer());
    const digits = [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    if (!response.ok || response.redirected || digits !== FILES[address]) throw new Error(`${address} is not the page's`);
    return /** @type {const} */ ([address, response]);
  }));
  const cache = await caches.open(CACHE);
  await Promise.all(responses.map(([address, response]) => cache.put(new URL(address, scope).href, response)));
  await worker.skipWaiting();
}

async function activate() {
  for (const name of await caches.keys()) {
    if (name.startsWith(OURS) && name !== CACHE) await caches.delete(name);
  }
  await worker.clients.claim();
}

/** @param {string} address @param {Request} request */
async function file(address, request) {
  const cache = await caches.open(CACHE);
  return await cache.match(new URL(address, scope).href) ?? fetch(request);
}

/** @param {any} event */
async function page(event) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(scope);
  if (!kept) return fetch(event.request);
  event.waitUntil(compare(kept.clone(), cache, event.resultingClientId));
  return kept;
}

/**
 * Asks the server for the page that the person sees already. If there is another one (the server was upgraded, or a
 * proxy wants the person to sign in), this one is not used again, and the page is asked to load that.
 * @param {Response} kept @param {Cache} cache @param {string} client
 */
async function compare(kept, cache, client) {
  /** @type {Response} */
  let fresh;
  try {
    fresh = await fetch(scope, { cache: "no-cache", redirect: "manual" });
  } catch {
    return;
  }
  // A proxy says so while the server is away.
  if (fresh.status >= 500) return;
  const header = "content-security-policy";
  const isSame = fresh.ok && fresh.headers.get(header) === kept.headers.get(header) && await fresh.text() === await kept.text();
  if (isSame) return;
  await cache.delete(scope);
  (await worker.clients.get(client))?.postMessage("sre-agent-shell: load again");
}
