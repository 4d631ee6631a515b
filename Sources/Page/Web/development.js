// Development only: reloads the page when one of its files changes.

const INTERVAL_MS = 1000;
let isWatching = false;

export function watchForChanges() {
  if (isWatching) return;
  isWatching = true;
  /** @type {string | null} */
  let seen = null;
  setInterval(async () => {
    try {
      const response = await fetch("page-version", { cache: "no-store" });
      if (!response.ok) return;
      const { version } = await response.json();
      if (seen !== null && version !== seen) location.reload();
      seen = version;
    } catch {
      // The server is restarting. Try again at the next interval.
    }
  }, INTERVAL_MS);
}
