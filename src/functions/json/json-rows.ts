import { RayexecError } from '../../common/errors.ts';
import { type DataType, JSON_TYPE, UINT64, UTF8 } from '../../types/data-type.ts';
import { isArray, isObject, type JsonNode, writeJson } from './json-node.ts';
import { type JsonPath, jsonPath } from './json-path.ts';
import { jsonTypeName } from './json-structure.ts';

/** A value of a JSON document and where it is; the order of the fields is that of `JSON_ROW`. */
export type JsonRow = readonly [
  key: string | null,
  value: string,
  type: string,
  /** The value when it is neither nested nor null. */
  atom: string | null,
  /** The values and keys before it in the document. */
  id: bigint,
  parent: bigint | null,
  fullkey: string,
  /** The fullkey of what it is in. */
  path: string,
];

/** The type of a row of `json_each` and `json_tree`. */
export const JSON_ROW: DataType = {
  kind: 'struct',
  fields: [
    { name: 'key', type: UTF8 },
    { name: 'value', type: JSON_TYPE },
    { name: 'type', type: UTF8 },
    { name: 'atom', type: JSON_TYPE },
    { name: 'id', type: UINT64 },
    { name: 'parent', type: UINT64 },
    { name: 'fullkey', type: UTF8 },
    { name: 'path', type: UTF8 },
  ],
};

/** A value with the number of values and keys before it, and its fullkey. */
type Place = { readonly node: JsonNode; readonly id: number; readonly fullkey: string };

/** What is in the value at a path, a row each; a value that is not nested gives one row. None where the path leads nowhere. */
export function rowsOfEach(root: JsonNode, path: RowsPath): readonly JsonRow[] {
  const start = placeAt(root, path);
  if (start === undefined) return [];
  if (!isNested(start.node)) return [rowOf(start, null, null, start.fullkey)];
  return childrenOf(start).map(child => rowOf(child, child.key, null, start.fullkey));
}

/** The value at a path and all that is in it at any depth, parents first. */
export function rowsOfTree(root: JsonNode, path: RowsPath): readonly JsonRow[] {
  const start = placeAt(root, path);
  if (start === undefined) return [];
  const rows: JsonRow[] = [rowOf(start, null, null, start.fullkey)];
  const descend = (parent: Place): void => {
    for (const child of childrenOf(parent)) {
      rows.push(rowOf(child, child.key, BigInt(parent.id), parent.fullkey));
      if (isNested(child.node)) descend(child);
    }
  };
  descend(start);
  return rows;
}

/** Where the rows begin, and how that is written. */
export type RowsPath = JsonPath & { readonly text: string };

/** The path from a JSONPath or a key. @throws RayexecError `invalid-argument` for pointers, wildcards and what can't be read */
export function rowsPath(text: string): RowsPath {
  if (text === '' || text.startsWith('/'))
    throw new RayexecError('invalid-argument', `the path '${text}' of json_each or json_tree does not start with $`, {
      hint: "paths look like '$.key[0]', or are one key",
    });
  const path = jsonPath(text);
  if (path.isWild)
    throw new RayexecError('invalid-argument', `the path '${text}' of json_each or json_tree has wildcards`, {
      hint: 'json_tree gives all values below a path: filter its rows',
    });
  return { ...path, text: text.startsWith('$') ? text : `$${quotedKey(text)}` };
}

const isNested = (node: JsonNode): boolean => node !== null && (isArray(node) || isObject(node));

function rowOf({ node, id, fullkey }: Place, key: string | null, parent: bigint | null, path: string): JsonRow {
  const value = writeJson(node);
  const atom = node === null || isNested(node) ? null : value;
  return [key, value, jsonTypeName(node), atom, BigInt(id), parent, fullkey, path];
}

function childrenOf({ node, id, fullkey }: Place): readonly (Place & { readonly key: string })[] {
  let next = id + 1;
  const placed = (key: string, child: JsonNode, suffix: string): Place & { readonly key: string } => {
    const at = next;
    next += sizeOf(child);
    return { key, node: child, id: at, fullkey: fullkey + suffix };
  };
  if (node !== null && isArray(node)) return node.map((child, i) => placed(String(i), child, `[${i}]`));
  if (!isObject(node)) return [];
  return node.entries.map(([key, child]) => {
    next++;
    return placed(key, child, keyStep(key));
  });
}

/** The values and keys in a value, and itself. */
function sizeOf(node: JsonNode): number {
  let size = 1;
  if (node !== null && isArray(node)) for (const child of node) size += sizeOf(child);
  else if (isObject(node)) for (const [, child] of node.entries) size += 1 + sizeOf(child);
  return size;
}

function placeAt(root: JsonNode, { steps, text }: RowsPath): Place | undefined {
  let place: Place | undefined = { node: root, id: 0, fullkey: '$' };
  for (const step of steps) {
    if (place === undefined) return undefined;
    const children = childrenOf(place);
    if (step.kind === 'index') place = isArray(place.node as readonly JsonNode[]) ? children.at(step.index) : undefined;
    else if (step.kind === 'key') place = isObject(place.node) ? children.find(c => c.key === step.key) : undefined;
  }
  return place && { ...place, fullkey: text };
}

const keyStep = (key: string): string => (/^[A-Za-z_][A-Za-z0-9_]*$/.test(key) ? `.${key}` : quotedKey(key));
const quotedKey = (key: string): string => `."${key.replace(/["\\]/g, '\\$&')}"`;
