import { isArray, isNumber, isObject, type JsonNode, memberOf, objectOf } from './json-node.ts';

/** The patch that makes the new value of the old one, see `mergePatch`; a value that is no object is a patch itself. */
export function mergePatchDiff(before: JsonNode, after: JsonNode): JsonNode {
  if (!isObject(before) || !isObject(after)) return after;
  const entries: (readonly [string, JsonNode])[] = [];
  for (const [key] of before.entries) if (memberOf(after, key) === undefined) entries.push([key, null]);
  for (const [key, value] of after.entries) {
    const known = memberOf(before, key);
    if (known === undefined || !isSame(known, value))
      entries.push([key, known === undefined ? value : mergePatchDiff(known, value)]);
  }
  return objectOf(entries);
}

/** Whether two values are one: members in any order, integers and other numbers apart. */
function isSame(a: JsonNode, b: JsonNode): boolean {
  if (isNumber(a) && isNumber(b)) {
    const [x, y] = [a.text, b.text].map(text => /^-?\d+$/.test(text));
    return a.text === b.text || (!x && !y && Number(a.text) === Number(b.text));
  }
  if (a !== null && b !== null && isArray(a) && isArray(b))
    return a.length === b.length && a.every((x, i) => isSame(x, b[i]!));
  if (!isObject(a) || !isObject(b)) return a === b;
  const keys = new Set([...a.entries, ...b.entries].map(([key]) => key));
  return [...keys].every(key => {
    const [x, y] = [memberOf(a, key), memberOf(b, key)];
    return x !== undefined && y !== undefined && isSame(x, y);
  });
}
