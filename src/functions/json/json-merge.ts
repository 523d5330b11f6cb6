import { isArray, isNumber, isObject, type JsonNode, memberOf, objectOf, writeJson } from './json-node.ts';

/** RFC 7396: members of the patch replace those of the target, null takes them out. */
export function mergePatch(target: JsonNode, patch: JsonNode): JsonNode {
  if (!isObject(patch)) return patch;
  const members = new Map<string, JsonNode>(isObject(target) ? target.entries : []);
  for (const [key, value] of patch.entries) {
    if (value === null) members.delete(key);
    else members.set(key, mergePatch(members.get(key) ?? null, value));
  }
  return objectOf([...members]);
}

/** Like `mergePatch`, but null leaves what is there. */
export function deepMerge(target: JsonNode, other: JsonNode): JsonNode {
  if (other === null) return target;
  if (!isObject(target) || !isObject(other)) return other;
  const members = new Map<string, JsonNode>(target.entries);
  for (const [key, value] of other.entries) {
    const known = members.get(key);
    if (value !== null) members.set(key, known === undefined ? value : deepMerge(known, value));
  }
  return objectOf([...members]);
}

/** Objects without members that are null, at any depth. */
export function withoutNulls(node: JsonNode): JsonNode {
  if (node !== null && isArray(node)) return node.map(withoutNulls);
  if (!isObject(node)) return node;
  return objectOf(node.entries.filter(e => e[1] !== null).map(([k, v]) => [k, withoutNulls(v)] as const));
}

/** Members in the order of their keys, at any depth. */
export function normalized(node: JsonNode): JsonNode {
  if (node !== null && isArray(node)) return node.map(normalized);
  if (!isObject(node)) return node;
  const sorted = [...node.entries].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return objectOf(sorted.map(([k, v]) => [k, normalized(v)] as const));
}

/** Whether a value, or one within it, contains another: members of objects, elements of arrays in any order. */
export function contains(node: JsonNode, wanted: JsonNode): boolean {
  if (covers(node, wanted)) return true;
  if (node !== null && isArray(node)) return node.some(n => contains(n, wanted));
  return isObject(node) && node.entries.some(e => contains(e[1], wanted));
}

function covers(node: JsonNode, wanted: JsonNode): boolean {
  if (node !== null && wanted !== null && isArray(node) && isArray(wanted))
    return wanted.every(w => node.some(n => covers(n, w)));
  if (isObject(node) && isObject(wanted)) {
    return wanted.entries.every(([key, value]) => {
      const member = memberOf(node, key);
      return member !== undefined && covers(member, value);
    });
  }
  if (isNumber(node) && isNumber(wanted)) return Number(node.text) === Number(wanted.text);
  return writeJson(node) === writeJson(wanted);
}
