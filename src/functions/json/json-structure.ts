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

/** The structure of a value: type names in its place, of lists the one that all elements have, JSON for objects without members. */
export function structureOf(node: JsonNode): JsonNode {
  return named(openStructure(node));
}

/** With objects whose members are not known yet. */
function openStructure(node: JsonNode): JsonNode {
  if (node !== null && isArray(node)) return [node.map(openStructure).reduce(merged, 'NULL')];
  if (isObject(node)) return objectOf(node.entries.map(([k, v]) => [k, openStructure(v)] as const));
  return jsonTypeName(node);
}

function named(structure: JsonNode): JsonNode {
  if (structure !== null && isArray(structure)) return structure.map(named);
  if (!isObject(structure)) return structure;
  return structure.entries.length === 0 ? 'JSON' : objectOf(structure.entries.map(([k, s]) => [k, named(s)] as const));
}

const NUMBERS = ['UBIGINT', 'BIGINT', 'HUGEINT', 'DOUBLE'];

/** The structure that two have in common; JSON when there is none. */
function merged(a: JsonNode, b: JsonNode): JsonNode {
  if (a === 'NULL') return b;
  if (b === 'NULL') return a;
  if (typeof a === 'string' && typeof b === 'string') {
    if (a === b) return a;
    if (!NUMBERS.includes(a) || !NUMBERS.includes(b)) return 'JSON';
    const wider = Math.max(NUMBERS.indexOf(a), NUMBERS.indexOf(b));
    // Neither of them holds the other's values.
    return NUMBERS[wider === 1 ? 2 : wider]!;
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
