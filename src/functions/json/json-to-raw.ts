import { parseRaw } from '../../batch/parse-raw.ts';
import type { DataType } from '../../types/data-type.ts';
import type { RawValue } from '../../types/raw-value.ts';
import { isArray, isObject, type JsonNode, memberOf, writeJson } from './json-node.ts';

/** What a value that does not fit becomes: NULL, or everything fails. */
export type Misfit = 'null' | 'fail';

/** A JSON value in an SQL type; undefined when something in it does not fit and that is not to be NULL. */
export function jsonToRaw(type: DataType, node: JsonNode, misfit: Misfit): RawValue | undefined {
  if (node === null) return null;
  const value = fitted(type, node, misfit);
  return value === undefined && misfit === 'null' ? null : value;
}

function fitted(type: DataType, node: JsonNode, misfit: Misfit): RawValue | undefined {
  switch (type.kind) {
    case 'json':
      return writeJson(node);
    case 'utf8':
      return jsonScalarText(node);
    case 'list':
    case 'array': {
      if (!isArray(node) || (type.kind === 'array' && node.length !== type.length)) return undefined;
      return all(node.map(n => jsonToRaw(type.element, n, misfit)));
    }
    case 'struct':
      if (!isObject(node)) return undefined;
      return all(
        type.fields.map(f => {
          const member = memberOf(node, f.name);
          return member === undefined ? null : jsonToRaw(f.type, member, misfit);
        }),
      );
    case 'map':
      if (!isObject(node)) return undefined;
      return all(node.entries.map(([k, v]) => all([parseRaw(type.key, k), jsonToRaw(type.value, v, misfit)])));
    case 'union': {
      const [key, value] = isObject(node) && node.entries.length === 1 ? node.entries[0]! : [];
      const member = type.members.findIndex(m => m.name === key);
      return member < 0 ? undefined : all([member, jsonToRaw(type.members[member]!.type, value!, misfit)]);
    }
    case 'boolean':
      return typeof node === 'boolean' ? node : parseRaw(type, jsonScalarText(node));
    default:
      if (isArray(node) || isObject(node)) return undefined;
      return parseRaw(type, jsonScalarText(node));
  }
}

function all(values: readonly (RawValue | undefined)[]): readonly RawValue[] | undefined {
  return values.includes(undefined) ? undefined : (values as readonly RawValue[]);
}

/** Texts without their quotes, everything else as it is written. */
export const jsonScalarText = (node: JsonNode): string => (typeof node === 'string' ? node : writeJson(node));
