// Shows notifications on phones, which require a service worker for that. It fetches and stores nothing.

self.addEventListener("notificationclick", (/** @type {any} */ event) => {
  event.notification.close();
  event.waitUntil(focusPage());
});

async function focusPage() {
  const worker = /** @type {any} */ (self);
  const pages = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
  if (pages.length > 0) return pages[0].focus();
  return worker.clients.openWindow("/");
}
