// The rights of the signed-in person. The server enforces them; the page only hides what the server would refuse.

/**
 * @typedef {{
 *   role: string | null, mayWrite: boolean, mayApprove: boolean, mayAdminister: boolean,
 *   forSession: boolean, lasting: boolean,
 * }} Rights
 * `role`: null if the server has no roles; the page then offers everything. `forSession`, `lasting`: approvals that
 * cover more than one command.
 */

/** Each role includes the rights of those before it. */
const ROLES = ["viewer", "operator", "approver", "admin"];

/** @param {import("../wire/http.js").Info | null} info @returns {Rights} */
export function rightsOf(info) {
  const role = typeof info?.role === "string" ? info.role : null;
  // For a role that this page does not know, only the rights that every role has.
  const rank = role === null ? ROLES.length : ROLES.indexOf(role);
  const atLeast = (/** @type {string} */ needed) => rank >= ROLES.indexOf(needed);
  return {
    role, mayWrite: atLeast("operator"), mayApprove: atLeast("approver"), mayAdminister: atLeast("admin"),
    forSession: info?.sessionApprovals !== false, lasting: info?.lastingApprovals !== false,
  };
}
