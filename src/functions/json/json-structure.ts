import { isArray, isNumber, isObject, type JsonNode, type JsonObject, objectOf } from './json-node.ts';

/** The name of a value's type, as json_type gives it. */
export function jsonTypeName(node: JsonNode): string {
  if (node === null) return 'NULL';
  if (typeof node === 'boolean') return 'BOOLEAN';
  if (typeof node === 'string') return 'VARCHAR';
  if (isArray(node)) return 'ARRAY';
  if (!isNumber(node)) return 'OBJECT';
  if (!/^-?\d+$/.test(node.text)) return 'DOUBLE';
  const value = BigInt(node.text);
  if (node.text.startsWith('-')) return BigInt.asIntN(64, value) === value ? 'BIGINT' : 'DOUBLE';
  return BigInt.asUintN(64, value) === value ? 'UBIGINT' : 'DOUBLE';
}

/** The structure of a value: type names in its place, of lists the one that all elements have. */
export function structureOf(node: JsonNode): JsonNode {
  if (node !== null && isArray(node)) return [node.map(structureOf).reduce(merged, 'NULL')];
  if (isObject(node)) return objectOf(node.entries.map(([k, v]) => [k, structureOf(v)] as const));
  return jsonTypeName(node);
}

const NUMBERS = ['UBIGINT', 'BIGINT', 'DOUBLE'];

/** The structure that two have in common; JSON when there is none. */
function merged(a: JsonNode, b: JsonNode): JsonNode {
  if (a === 'NULL') return b;
  if (b === 'NULL') return a;
  if (typeof a === 'string' && typeof b === 'string') {
    if (a === b) return a;
    const wider = Math.max(NUMBERS.indexOf(a), NUMBERS.indexOf(b));
    return NUMBERS.includes(a) && NUMBERS.includes(b) ? NUMBERS[wider]! : 'JSON';
  }
  if (a !== null && b !== null && isArray(a) && isArray(b)) return [merged(a[0]!, b[0]!)];
  if (isObject(a) && isObject(b)) return mergedObjects(a, b);
  return 'JSON';
}

function mergedObjects(a: JsonObject, b: JsonObject): JsonNode {
  const members = new Map<string, JsonNode>(a.entries);
  for (const [key, node] of b.entries) {
    const known = members.get(key);
    members.set(key, known === undefined ? node : merged(known, node));
  }
  return objectOf([...members]);
}
