import { RayexecError } from '../../common/errors.ts';
import { literalText, plainType } from '../../types/coercion.ts';
import { type DataType, JSON_TYPE, UTF8 } from '../../types/data-type.ts';
import { jsonText } from '../../types/json-text.ts';
import { parseTypeName } from '../../types/parse-type-name.ts';
import type { RawValue } from '../../types/raw-value.ts';
import type { ScalarFunction, ScalarOverload } from '../function.ts';
import { mergePatchDiff } from '../json/json-diff.ts';
import { jsonDoc } from '../json/json-doc.ts';
import { deepMerge, mergePatch, normalized, withoutNulls } from '../json/json-merge.ts';
import { isArray, isObject, type JsonNode, parseJson, prettyJson, tryParseJson, writeJson } from '../json/json-node.ts';
import { jsonArgument, ofJson } from '../json/json-overload.ts';
import { jsonToRaw, type Misfit } from '../json/json-to-raw.ts';
import { generic } from '../overload.ts';
import { mapRows } from '../text/map-rows.ts';

/** An overload of values of any types, which `write` makes one text of; NULLs are values. */
function ofValues(
  signature: string,
  fits: (args: readonly DataType[]) => boolean,
  write: (values: readonly RawValue[], writers: readonly ((value: RawValue) => string)[]) => string,
  nulls: ScalarOverload['nulls'] = 'handles',
): ScalarOverload {
  return generic(
    'any',
    signature,
    args => (fits(args) ? { args: args.map(plainType), returns: JSON_TYPE, cost: 0 } : undefined),
    (ctx, call) => {
      const writers = call.args.map(a => jsonText(a.type));
      return mapRows(ctx, call, (...values) => write(values, writers));
    },
    { nulls, canFail: true },
  );
}

const isList = (type: DataType | undefined): boolean => type?.kind === 'list' || type?.kind === 'array';

function writeObject(values: readonly RawValue[], writers: readonly ((value: RawValue) => string)[]): string {
  const members: string[] = [];
  for (let i = 0; i < values.length; i += 2) {
    const key = values[i]!;
    if (key === null) throw new RayexecError('invalid-argument', 'a key of a JSON object cannot be NULL');
    const text = typeof key === 'string' ? key : writers[i]!(key);
    members.push(`${JSON.stringify(text)}:${writers[i + 1]!(values[i + 1]!)}`);
  }
  return `{${members.join(',')}}`;
}

/** The type that a structure names: a type's name, [element], {"field": type}. */
function structureType(node: JsonNode): DataType | undefined {
  if (typeof node === 'string') return parseTypeName(node);
  if (node !== null && isArray(node)) {
    const element = node.length === 1 ? structureType(node[0]!) : undefined;
    return element && { kind: 'list', element };
  }
  if (!isObject(node)) return undefined;
  const fields = node.entries.map(([name, n]) => ({ name, type: structureType(n) }));
  if (fields.some(f => f.type === undefined)) return undefined;
  return { kind: 'struct', fields: fields as { name: string; type: DataType }[] };
}

function transform(name: string, alias: string, misfit: Misfit, summary: string): ScalarFunction {
  return {
    name,
    aliases: [alias],
    doc: jsonDoc(summary, ['json', 'structure'], [`${name}('{"a": "5"}', '{"a": "INTEGER"}')`, "{'a': 5}"]),
    overloads: [
      generic(
        'structure',
        '(VARCHAR, VARCHAR) -> ANY',
        ([json, structure, ...rest]) => {
          const text = structure === undefined ? undefined : literalText(structure);
          const node = text === undefined ? undefined : tryParseJson(text);
          const returns = node === undefined ? undefined : structureType(node);
          if (json === undefined || returns === undefined || rest.length > 0) return undefined;
          return json.kind === 'utf8' || json.kind === 'json' || json.kind === 'null'
            ? { args: [UTF8, UTF8], returns, cost: 0 }
            : undefined;
        },
        (ctx, call) =>
          mapRows(ctx, call, text => {
            const value = jsonToRaw(call.type, parseJson(text as string), misfit);
            if (value !== undefined) return value;
            throw new RayexecError('conversion', `'${text as string}' does not fit the structure`);
          }),
        { canFail: true },
      ),
    ],
  };
}

/** After a value that is NULL, merging starts with the next one. */
function mergeAll(texts: readonly RawValue[], merge: (a: JsonNode, b: JsonNode) => JsonNode): string | null {
  let merged: JsonNode | undefined;
  for (const text of texts) {
    const next = text === null ? undefined : parseJson(text as string);
    merged = merged === undefined || next === undefined ? next : merge(merged, next);
  }
  return merged === undefined ? null : writeJson(merged);
}

const merging = (
  name: string,
  summary: string,
  example: readonly [string, string],
  merge: (a: JsonNode, b: JsonNode) => JsonNode,
): ScalarFunction => ({
  name,
  doc: jsonDoc(summary, ['json', 'other', '…'], example),
  overloads: [
    generic(
      'json',
      '(JSON, JSON, ...) -> JSON',
      args => (args.length < 2 ? undefined : { args: args.map(jsonArgument), returns: JSON_TYPE, cost: 0 }),
      (ctx, call) => mapRows(ctx, call, (...texts) => mergeAll(texts, merge)),
      { nulls: 'handles', canFail: true },
    ),
  ],
});

/** Making JSON texts. */
export const jsonMakers: readonly ScalarFunction[] = [
  {
    name: 'to_json',
    aliases: ['json_quote'],
    doc: jsonDoc('A value as JSON.', ['value'], ["to_json({'a': [1, NULL]})", '{"a":[1,null]}']),
    overloads: [
      ofValues(
        '(ANY) -> JSON',
        args => args.length === 1,
        ([value], [write]) => write!(value!),
        'propagate',
      ),
    ],
  },
  {
    name: 'array_to_json',
    doc: jsonDoc('A list as JSON.', ['list'], ['array_to_json([1, 2])', '[1,2]']),
    overloads: [
      ofValues(
        '(ANY[]) -> JSON',
        args => args.length === 1 && isList(args[0]),
        ([value], [write]) => write!(value!),
        'propagate',
      ),
    ],
  },
  {
    name: 'row_to_json',
    doc: jsonDoc('A struct as JSON.', ['struct'], ["row_to_json({'a': 1})", '{"a":1}']),
    overloads: [
      ofValues(
        '(STRUCT) -> JSON',
        args => args.length === 1 && args[0]!.kind === 'struct',
        ([value], [write]) => write!(value!),
        'propagate',
      ),
    ],
  },
  {
    name: 'json_array',
    doc: jsonDoc('A JSON array of the values.', ['value', '…'], ["json_array(1, 'x', NULL)", '[1,"x",null]']),
    overloads: [
      ofValues(
        '(ANY, ...) -> JSON',
        () => true,
        (values, writers) => `[${values.map((v, i) => writers[i]!(v)).join(',')}]`,
      ),
    ],
  },
  {
    name: 'json_object',
    doc: jsonDoc(
      'A JSON object of keys and values in turn.',
      ['key', 'value', '…'],
      ["json_object('a', 1, 'b', NULL)", '{"a":1,"b":null}'],
    ),
    overloads: [ofValues('(VARCHAR, ANY, ...) -> JSON', args => args.length % 2 === 0, writeObject)],
  },
  merging(
    'json_merge_patch',
    'The first value with the members of the others in their place; null takes members out (RFC 7396).',
    [`json_merge_patch('{"a": 1, "b": 2}', '{"b": null}')`, '{"a":1}'],
    mergePatch,
  ),
  {
    name: 'json_merge_patch_diff',
    doc: jsonDoc(
      'The patch with which json_merge_patch makes the second value of the first.',
      ['json', 'other'],
      [`json_merge_patch_diff('{"a": 1, "b": 2}', '{"a": 1, "c": 3}')`, '{"b":null,"c":3}'],
    ),
    overloads: [
      generic(
        'json',
        '(VARCHAR, VARCHAR) -> JSON',
        args => {
          const fits =
            args.length === 2 && args.every(a => a.kind === 'utf8' || a.kind === 'json' || a.kind === 'null');
          return fits ? { args: args.map(() => UTF8), returns: JSON_TYPE, cost: 0 } : undefined;
        },
        (ctx, call) =>
          mapRows(ctx, call, (before, after) => {
            if (after === null) return null;
            const made = parseJson(after as string);
            return writeJson(before === null ? made : mergePatchDiff(parseJson(before as string), made));
          }),
        { nulls: 'handles', canFail: true },
      ),
    ],
  },
  merging(
    'json_deep_merge',
    'Like json_merge_patch, but null leaves what is there.',
    [`json_deep_merge('{"a": {"x": 1}}', '{"a": {"y": 2}}')`, '{"a":{"x":1,"y":2}}'],
    deepMerge,
  ),
  {
    name: 'json_strip_nulls',
    doc: jsonDoc(
      'Objects without members that are null.',
      ['json'],
      [`json_strip_nulls('{"a": null, "b": 1}')`, '{"b":1}'],
    ),
    overloads: [ofJson(JSON_TYPE, node => writeJson(withoutNulls(node)))],
  },
  {
    name: 'json_normalize',
    doc: jsonDoc(
      'Objects with their keys in order.',
      ['json'],
      [`json_normalize('{"b": 1, "a": 2}')`, '{"a":2,"b":1}'],
    ),
    overloads: [ofJson(JSON_TYPE, node => writeJson(normalized(node)))],
  },
  {
    name: 'json',
    doc: jsonDoc('The shortest text of a JSON value.', ['text'], ["json(' [ 1 , 2 ] ')", '[1,2]']),
    overloads: [ofJson(JSON_TYPE, writeJson)],
  },
  {
    name: 'json_pretty',
    doc: jsonDoc('JSON in lines, indented by four blanks.', ['json'], ["json_pretty('[]')", '[]']),
    overloads: [ofJson(UTF8, node => prettyJson(node))],
  },
  transform(
    'json_transform',
    'from_json',
    'null',
    'A JSON value in the types that a structure names; NULL for values that do not fit.',
  ),
  transform(
    'json_transform_strict',
    'from_json_strict',
    'fail',
    'Like json_transform; values that do not fit are errors.',
  ),
];
