import { BOOLEAN, JSON_TYPE, list, UINT64, UTF8 } from '../../types/data-type.ts';
import type { ScalarFunction } from '../function.ts';
import { jsonDoc } from '../json/json-doc.ts';
import { contains } from '../json/json-merge.ts';
import { isArray, isObject, type JsonNode, parseJson, tryParseJson, writeJson } from '../json/json-node.ts';
import { atPath, ofJson } from '../json/json-overload.ts';
import { jsonTypeName, structureOf } from '../json/json-structure.ts';
import { jsonScalarText } from '../json/json-to-raw.ts';
import { fixed } from '../overload.ts';
import { mapRows } from '../text/map-rows.ts';

const written = (node: JsonNode | undefined): string | null => (node === undefined ? null : writeJson(node));
const asText = (node: JsonNode | undefined): string | null =>
  node === undefined || node === null ? null : jsonScalarText(node);
const isNested = (node: JsonNode): boolean => node !== null && (isArray(node) || isObject(node));
const lengthOf = (node: JsonNode): bigint => (node !== null && isArray(node) ? BigInt(node.length) : 0n);
const keysOf = (node: JsonNode): readonly string[] => (isObject(node) ? node.entries.map(e => e[0]) : []);

/** Looking into JSON texts. */
export const jsonReaders: readonly ScalarFunction[] = [
  {
    name: 'json_extract',
    aliases: ['json_extract_path', '->'],
    doc: jsonDoc(
      'The value at a path: `$.key[0]`, `/key/0`, a key, the number of an element from 0; with wildcards (`$.*`, `$.a[*]`, `$..key`) a list.',
      ['json', 'path'],
      [`json_extract('{"a": [1, 2]}', '$.a[1]')`, '2'],
      [`'{"a": {"b": 1}}'::JSON -> 'a'`, '{"b":1}'],
    ),
    overloads: atPath(JSON_TYPE, written),
  },
  {
    name: 'json_extract_string',
    aliases: ['json_extract_path_text', '->>'],
    doc: jsonDoc(
      'The value at a path as VARCHAR: texts without quotes, NULL for null.',
      ['json', 'path'],
      [`json_extract_string('{"a": "x"}', '$.a')`, 'x'],
      [`'[1, "x"]'::JSON ->> 1`, 'x'],
    ),
    overloads: atPath(UTF8, asText),
  },
  {
    name: 'json_value',
    doc: jsonDoc(
      'The value at a path, NULL when it is an object or array.',
      ['json', 'path'],
      [`json_value('{"a": 5}', '$.a')`, '5'],
    ),
    overloads: atPath(UTF8, node => (node === undefined || isNested(node) ? null : writeJson(node))),
  },
  {
    name: 'json_exists',
    doc: jsonDoc(
      'Whether there is a value at a path.',
      ['json', 'path'],
      [`json_exists('{"a": null}', '$.a')`, 'true'],
    ),
    overloads: atPath(BOOLEAN, node => node !== undefined),
  },
  {
    name: 'json_array_length',
    doc: jsonDoc(
      'How many elements an array has; 0 for other values.',
      ['json', 'path'],
      ["json_array_length('[1, 2]')", '2'],
    ),
    overloads: [ofJson(UINT64, lengthOf), ...atPath(UINT64, node => (node === undefined ? null : lengthOf(node)))],
  },
  {
    name: 'json_keys',
    doc: jsonDoc('The keys of an object.', ['json', 'path'], [`json_keys('{"a": 1, "b": 2}')`, '[a, b]']),
    overloads: [ofJson(list(UTF8), keysOf), ...atPath(list(UTF8), node => (node === undefined ? null : keysOf(node)))],
  },
  {
    name: 'json_type',
    doc: jsonDoc(
      'OBJECT, ARRAY, VARCHAR, UBIGINT, BIGINT, DOUBLE, BOOLEAN or NULL.',
      ['json', 'path'],
      ["json_type('[1]')", 'ARRAY'],
    ),
    overloads: [ofJson(UTF8, jsonTypeName), ...atPath(UTF8, node => (node === undefined ? null : jsonTypeName(node)))],
  },
  {
    name: 'json_structure',
    doc: jsonDoc(
      'The types in the places of the values.',
      ['json'],
      [`json_structure('{"a": [1, 2.5]}')`, '{"a":["DOUBLE"]}'],
    ),
    overloads: [ofJson(JSON_TYPE, node => writeJson(structureOf(node)))],
  },
  {
    name: 'json_valid',
    doc: jsonDoc('Whether a text is JSON.', ['text'], ["json_valid('{a: 1}')", 'false']),
    overloads: [
      fixed('text', [UTF8], BOOLEAN, (ctx, call) =>
        mapRows(ctx, call, text => tryParseJson(text as string) !== undefined),
      ),
    ],
  },
  {
    name: 'json_contains',
    doc: jsonDoc(
      'Whether a value, or one within it, contains another.',
      ['json', 'other'],
      [`json_contains('{"a": [1, 2]}', '2')`, 'true'],
    ),
    overloads: [
      fixed(
        'json',
        [UTF8, UTF8],
        BOOLEAN,
        (ctx, call) => mapRows(ctx, call, (a, b) => contains(parseJson(a as string), parseJson(b as string))),
        { canFail: true },
      ),
    ],
  },
];
