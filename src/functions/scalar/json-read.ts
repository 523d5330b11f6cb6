import { buildVector } from '../../batch/builder.ts';
import { Vector } from '../../batch/vector.ts';
import { BOOLEAN, JSON_TYPE, list, UINT64, UTF8 } from '../../types/data-type.ts';
import type { ScalarFunction } from '../function.ts';
import { jsonDoc } from '../json/json-doc.ts';
import { contains } from '../json/json-merge.ts';
import { isArray, isObject, type JsonNode, parseJson, tryParseJson, writeJson } from '../json/json-node.ts';
import { type AtOnePath, atPath, fitJson, jsonArgument, ofJson } from '../json/json-overload.ts';
import { jsonTypeName, structureOf } from '../json/json-structure.ts';
import { jsonScalarText } from '../json/json-to-raw.ts';
import { JSON_KINDS, KIND_NAMES, textsOf, validityOfKinds } from '../json/json-values.ts';
import { generic } from '../overload.ts';
import { mapRows } from '../text/map-rows.ts';
import { storeText } from '../text/store-text.ts';

const written = (node: JsonNode | undefined): string | null => (node === undefined ? null : writeJson(node));
const asText = (node: JsonNode | undefined): string | null =>
  node === undefined || node === null ? null : jsonScalarText(node);
const isNested = (node: JsonNode): boolean => node !== null && (isArray(node) || isObject(node));
const lengthOf = (node: JsonNode): bigint => (node !== null && isArray(node) ? BigInt(node.length) : 0n);
const keysOf = (node: JsonNode): readonly string[] => (isObject(node) ? node.entries.map(e => e[0]) : []);

/** Whether there are values. */
const existing: AtOnePath = (ctx, call, { rows, kinds, forRare }) => {
  const out = ctx.arena.alloc(rows.count);
  const { u8, u16 } = ctx.memory;
  for (let j = 0; j < rows.selected; j++) {
    const i = rows.selection === 0 ? j : u16[(rows.selection >>> 1) + j]!;
    u8[out + i] = u8[kinds + i] === JSON_KINDS.missing ? 0 : 1;
  }
  forRare((i, node) => {
    ctx.memory.u8[out + i] = node === undefined ? 0 : 1;
  });
  return Vector.flat(BOOLEAN, rows.count, out, call.validity);
};

/** How many elements the values have. */
const lengths: AtOnePath = (ctx, call, { rows, refs, kinds, forRare }) => {
  const out = ctx.arena.alloc(rows.count * 8);
  ctx.kernels.json_lengths(refs, kinds, rows.selection, rows.selected, out);
  forRare((i, node) => {
    ctx.memory.u64[(out >>> 3) + i] = node === undefined ? 0n : lengthOf(node);
    if (node === undefined) ctx.memory.u8[kinds + i] = JSON_KINDS.missing;
  });
  return Vector.flat(UINT64, rows.count, out, validityOfKinds(ctx, call, rows, kinds));
};

/** What types the values have. */
const typeNames: AtOnePath = (ctx, call, { rows, kinds, forRare }) => {
  const out = ctx.arena.alloc(rows.count * 8);
  const { data } = buildVector(ctx, UTF8, KIND_NAMES);
  const { u8, u16, u32 } = ctx.memory;
  for (let j = 0; j < rows.selected; j++) {
    const i = rows.selection === 0 ? j : u16[(rows.selection >>> 1) + j]!;
    const name = (data >>> 2) + 2 * (u8[kinds + i]! & 15);
    u32[(out >>> 2) + 2 * i] = u32[name]!;
    u32[(out >>> 2) + 2 * i + 1] = u32[name + 1]!;
  }
  forRare((i, node) => {
    if (node === undefined) ctx.memory.u8[kinds + i] = JSON_KINDS.missing;
    else storeText(ctx, out + 8 * i, jsonTypeName(node));
  });
  return Vector.flat(UTF8, rows.count, out, validityOfKinds(ctx, call, rows, kinds));
};

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
    overloads: atPath(JSON_TYPE, written, (ctx, call, values) => textsOf(ctx, call, values, false, written)),
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
    overloads: atPath(UTF8, asText, (ctx, call, values) => textsOf(ctx, call, values, true, asText)),
  },
  {
    name: 'json_value',
    doc: jsonDoc(
      'The value at a path, NULL when it is null, an object or an array.',
      ['json', 'path'],
      [`json_value('{"a": 5}', '$.a')`, '5'],
    ),
    overloads: atPath(UTF8, node => (node === undefined || node === null || isNested(node) ? null : writeJson(node))),
  },
  {
    name: 'json_exists',
    doc: jsonDoc(
      'Whether there is a value at a path.',
      ['json', 'path'],
      [`json_exists('{"a": null}', '$.a')`, 'true'],
    ),
    overloads: atPath(BOOLEAN, node => node !== undefined, existing),
  },
  {
    name: 'json_array_length',
    doc: jsonDoc(
      'How many elements an array has; 0 for other values.',
      ['json', 'path'],
      ["json_array_length('[1, 2]')", '2'],
    ),
    overloads: [
      ofJson(UINT64, lengthOf, lengths),
      ...atPath(UINT64, node => (node === undefined ? null : lengthOf(node)), lengths),
    ],
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
    overloads: [
      ofJson(UTF8, jsonTypeName, typeNames),
      ...atPath(UTF8, node => (node === undefined ? null : jsonTypeName(node)), typeNames),
    ],
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
      generic(
        'text',
        '(JSON) -> BOOLEAN',
        args => fitJson(args, [], BOOLEAN),
        (ctx, call) => mapRows(ctx, call, text => tryParseJson(text as string) !== undefined),
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
      generic(
        'json',
        '(JSON, JSON) -> BOOLEAN',
        args => (args.length === 2 ? { args: args.map(jsonArgument), returns: BOOLEAN, cost: 0 } : undefined),
        (ctx, call) => mapRows(ctx, call, (a, b) => contains(parseJson(a as string), parseJson(b as string))),
        { canFail: true },
      ),
    ],
  },
];
