// What whoever is signed in may do here. The server enforces it; the page only does not offer what would be refused.

/**
 * @typedef {{
 *   role: string | null, mayWrite: boolean, mayApprove: boolean, mayAdminister: boolean,
 *   forSession: boolean, lasting: boolean,
 * }} Rights
 * `role`: null where the server knows none; everything is offered then. `forSession`, `lasting`: approvals that hold
 * for more than one command.
 */

/** Each may do what those before it may. */
const ROLES = ["viewer", "operator", "approver", "admin"];

/** @param {import("../wire/http.js").Info | null} info @returns {Rights} */
export function rightsOf(info) {
  const role = typeof info?.role === "string" ? info.role : null;
  // Of a role that this page does not know, only what everybody may.
  const rank = role === null ? ROLES.length : ROLES.indexOf(role);
  const atLeast = (/** @type {string} */ needed) => rank >= ROLES.indexOf(needed);
  return {
    role, mayWrite: atLeast("operator"), mayApprove: atLeast("approver"), mayAdminister: atLeast("admin"),
    forSession: info?.sessionApprovals !== false, lasting: info?.lastingApprovals !== false,
  };
}
