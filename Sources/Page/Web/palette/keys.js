// The keys that work everywhere on the page, and the list of all of them.

/** @typedef {{ key: string, ctrlKey: boolean, metaKey: boolean, altKey: boolean, shiftKey: boolean }} Press */

/**
 * @param {Press} press @param {boolean} isWriting whether the press would otherwise write something
 * @returns {"actions" | "shortcuts" | null}
 */
export function wanted({ key, ctrlKey, metaKey, altKey, shiftKey }, isWriting) {
  const isCommand = ctrlKey !== metaKey && !altKey;
  if (isCommand && !shiftKey && key.toLowerCase() === "k") return "actions";
  if (isCommand && key === "/") return "shortcuts";
  return key === "?" && !ctrlKey && !metaKey && !altKey && !isWriting ? "shortcuts" : null;
}

/** @type {[title: string, keys: [keys: string, meaning: string][]][]} */
export const SHORTCUTS = [
  ["Everywhere", [
    ["Ctrl+K", "All actions and conversations"],
    ["?", "This list, outside of a text field"],
    ["Ctrl+/", "This list, also while writing"],
    ["Escape", "Close what covers the page"],
  ]],
  ["While the agent asks", [
    ["Alt+Y", "Approve"],
    ["Alt+N", "Decline"],
    ["Alt+X", "Stop the agent"],
  ]],
  ["In the message field", [
    ["Enter", "Send. On a touch screen: a new line"],
    ["Ctrl+Enter", "Send"],
    ["Alt+Enter", "Send when the agent is done"],
    ["Shift+Enter", "A new line"],
    ["↑", "In an empty field: what you wrote before. Again: earlier ones, ↓ back"],
  ]],
];

/**
 * As it is written on this device's keyboard.
 * @param {string} keys @param {boolean} isApple
 */
export function written(keys, isApple) {
  return isApple ? keys.replace("Ctrl", "⌘").replace("Alt", "⌥") : keys;
}
