// Groups the record's entries for display: a command with its question, decision and outcome becomes one group.

/**
 * @typedef {{
 *   seq: number, at: number, kind: string, actor?: string, role?: string, address?: string, userAgent?: string,
 *   threadId?: string, turnId?: string, itemId?: string, requestId?: string, details?: any,
 * }} Entry `at`: milliseconds since 1970 by the server's clock.
 * @typedef {{ entries: Entry[], asked: boolean }} Group `entries`: oldest first. `asked`: about an action that the
 * agent requested, rather than a single event.
 */

/** The kinds of entries that belong to an action of the agent. */
const OF_ONE = /^(?:question|decision|answer|item)(?:\.|$)/;

/**
 * @param {Entry[]} entries newest first, as the server sends them
 * @returns {Group[]} newest first, sorted by each group's newest entry
 */
export function groupsOf(entries) {
  /** @type {Group[]} */
  const groups = [];
  /** @type {Map<string, Group>} */
  const byName = new Map();
  for (const entry of entries) {
    const names = OF_ONE.test(entry.kind) ? namesOf(entry) : [];
    const known = [...new Set(names.flatMap((name) => byName.get(name) ?? []))];
    const group = known[0] ?? { entries: [], asked: names.length > 0 };
    if (known.length === 0) groups.push(group);
    group.entries.push(entry);
    // The question names both its item and its answer, so two groups can turn out to be one.
    for (const other of known.slice(1)) {
      group.entries.push(...other.entries.splice(0));
      for (const [name, its] of byName) if (its === other) byName.set(name, group);
    }
    for (const name of names) byName.set(name, group);
  }
  const whole = groups.filter((group) => group.entries.length > 0);
  for (const group of whole) group.entries.sort((one, other) => one.seq - other.seq);
  return whole.sort((one, other) => newest(other) - newest(one));
}

/** @param {Group} group */
function newest({ entries }) {
  return entries[entries.length - 1].seq;
}

/**
 * An outcome names only its item. An answer may name only its question.
 * @param {Entry} entry
 */
function namesOf({ turnId = "", itemId, requestId }) {
  const names = [];
  if (requestId !== undefined) names.push(`request ${requestId}`);
  if (itemId !== undefined) names.push(`item ${turnId}/${itemId}`);
  return names;
}
