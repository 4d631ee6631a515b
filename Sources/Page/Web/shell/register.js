// Registers the service worker that opens the page without the network (worker.js). Only the bundled page does:
// scripts/bundle-page adds this module to it.

const ADDRESS = "page/shell.js";

if (window.isSecureContext && "serviceWorker" in navigator) {
  const policy = /** @type {any} */ (window).trustedTypes?.createPolicy("sre-shell", { createScriptURL: () => ADDRESS });
  navigator.serviceWorker.addEventListener("message", ({ data }) => {
    // Whoever has begun to do something gets the new page the next time.
    const isUsed = /** @type {any} */ (navigator).userActivation?.hasBeenActive;
    if (data === "sre-agent-shell: load again" && !isUsed) location.reload();
  });
  navigator.serviceWorker.startMessages();
  // After the page has loaded, so that it does not wait for the worker's copies.
  window.addEventListener("load", () => {
    const address = policy ? policy.createScriptURL("") : ADDRESS;
    navigator.serviceWorker.register(address, { scope: "./", updateViaCache: "none" }).catch(() => {});
  });
}
