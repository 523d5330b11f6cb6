import { plainType } from '../../types/coercion.ts';
import type { DataType } from '../../types/data-type.ts';
import { jsonText } from '../../types/json-text.ts';
import type { RawValue } from '../../types/raw-value.ts';
import { type JsonNode, parseJson } from './json-node.ts';

const DOCUMENTS: ReadonlySet<DataType['kind']> = new Set([
  'utf8',
  'json',
  'null',
  'struct',
  'map',
  'union',
  'list',
  'array',
]);

/** The type of an argument that is a JSON text, or nested and can be one; undefined for others. */
export const documentType = (type: DataType | undefined): DataType | undefined =>
  type !== undefined && DOCUMENTS.has(type.kind) ? plainType(type) : undefined;

/**
 * Makes values of a type JSON: texts are read, all else is written as `to_json` does.
 * @throws RayexecError `conversion`, when used, for a text that is no JSON
 */
export function jsonReader(type: DataType): (value: RawValue) => JsonNode {
  if (type.kind === 'utf8' || type.kind === 'json') return text => parseJson(text as string);
  const write = jsonText(type);
  return value => parseJson(write(value));
}
