// Shows notifications on phones, which require a service worker for that. It fetches and stores nothing.

self.addEventListener("notificationclick", (/** @type {any} */ event) => {
  event.notification.close();
  event.waitUntil(openThread(String(event.notification.data?.thread ?? "")));
});

/** @param {string} thread the conversation that asks; empty if it has none */
async function openThread(thread) {
  const worker = /** @type {any} */ (self);
  const pages = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
  const page = pages.find((/** @type {any} */ one) => one.visibilityState === "visible") ?? pages[0];
  if (!page) return worker.clients.openWindow(new URL(`../${thread ? `#/threads/${encodeURIComponent(thread)}` : ""}`, worker.location.href).href);
  if (thread) page.postMessage({ open: thread });
  return page.focus();
}
