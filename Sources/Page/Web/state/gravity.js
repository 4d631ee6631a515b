// The order in which questions of many conversations are answered: the gravest first, then the oldest.

/** @typedef {{ method: string, params: any }} Asked */

/** @param {Asked} asked */
export function isGrave({ method, params }) {
  return params?.sre?.asks === "outsideSandbox" || Boolean(params?.grantRoot) || method === "item/permissions/requestApproval";
}

/** @param {Asked} one @param {Asked} other */
export function byGravity(one, other) {
  const grave = Number(isGrave(other)) - Number(isGrave(one));
  return grave !== 0 ? grave : ageOf(one) - ageOf(other);
}

/** @param {Asked} asked */
function ageOf({ params }) {
  return params?.startedAtMs ?? params?.sre?.expiresAt ?? 0;
}
