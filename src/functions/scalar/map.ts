import type { Vector } from '../../batch/vector.ts';
import { RayexecError } from '../../common/errors.ts';
import { validityOf } from '../../kernels/vectors.ts';
import { commonType, plainType } from '../../types/coercion.ts';
import { BOOLEAN, type DataType, INT64, list, NULL, struct, UINT64 } from '../../types/data-type.ts';
import type { RawValue } from '../../types/raw-value.ts';
import type { EvalContext, Fit, ScalarCall, ScalarFunction, ScalarOverload } from '../function.ts';
import { findInLists } from '../nested/find-in-lists.ts';
import { listLengths } from '../nested/list-length.ts';
import { elementOf } from '../nested/list-overload.ts';
import { elementOfLists, slicedLists } from '../nested/list-parts.ts';
import { asLists, mapFields } from '../nested/map-fields.ts';
import { mapDoc } from '../nested/nested-doc.ts';
import { valueKey } from '../nested/value-key.ts';
import { generic, type OverloadOptions } from '../overload.ts';
import { mapRows } from '../text/map-rows.ts';

type List = readonly RawValue[];
type Entry = readonly [key: RawValue, value: RawValue];
type MapType = Extract<DataType, { kind: 'map' }>;

/** Entries of a map. @throws RayexecError `invalid-argument` for keys that are NULL or not unique */
function checkedEntries(entries: readonly Entry[]): readonly Entry[] {
  const seen = new Set<string>();
  for (const [key] of entries) {
    if (key === null) throw new RayexecError('invalid-argument', 'Map keys can not be NULL.');
    const text = valueKey(key);
    if (seen.has(text))
      throw new RayexecError('invalid-argument', 'Map keys must be unique.', { where: `key ${text}` });
    seen.add(text);
  }
  return entries;
}

function fromLists(keys: List, values: List): RawValue {
  if (keys.length !== values.length) {
    throw new RayexecError(
      'invalid-argument',
      `a map needs as many values as keys: ${keys.length} keys, ${values.length} values`,
    );
  }
  return checkedEntries(keys.map((k, i) => [k, values[i]!]));
}

const make: ScalarOverload = generic(
  'lists',
  '(K[], V[]) -> MAP(K, V)',
  args => {
    if (args.length === 0) return { args: [], returns: { kind: 'map', key: NULL, value: NULL }, cost: 0 };
    const [key, value] = args.map(elementOf);
    if (key === undefined || value === undefined || args.length !== 2) return undefined;
    return { args: [list(key), list(value)], returns: { kind: 'map', key, value }, cost: 0 };
  },
  (ctx, call) => mapRows(ctx, call, (keys = [], values = []) => fromLists(keys as List, values as List)),
  { canFail: true },
);

const fromEntries: ScalarOverload = generic(
  'entries',
  '(STRUCT(K, V)[]) -> MAP(K, V)',
  args => {
    const entry = args.length === 1 ? elementOf(args[0]!) : undefined;
    if (entry?.kind !== 'struct' || entry.fields.length !== 2) return undefined;
    return {
      args: [list(entry)],
      returns: { kind: 'map', key: entry.fields[0]!.type, value: entry.fields[1]!.type },
      cost: 0,
    };
  },
  (ctx, call) =>
    mapRows(ctx, call, entries => checkedEntries((entries as readonly (Entry | null)[]).filter(e => e !== null))),
  { canFail: true },
);

/** An overload of one map, or of a map and a key. */
function ofMap(
  withKey: boolean,
  returns: (type: MapType) => DataType,
  run: (ctx: EvalContext, call: ScalarCall, type: MapType) => ReturnType<ScalarOverload['run']>,
  options: OverloadOptions = {},
): ScalarOverload {
  const fit = (args: readonly DataType[]): Fit | undefined => {
    const [type, given] = args;
    if (type?.kind !== 'map' || args.length !== (withKey ? 2 : 1)) return undefined;
    if (given === undefined) return { args: [type], returns: returns(type), cost: 0 };
    const key = commonType(type.key, given);
    if (key === undefined) return undefined;
    const cast: MapType = { ...type, key: plainType(key) };
    return { args: [cast, cast.key], returns: returns(cast), cost: 0 };
  };
  const signature = withKey ? '(MAP(K, V), K) -> ANY' : '(MAP(K, V)) -> ANY';
  return generic('map', signature, fit, (ctx, call) => run(ctx, call, call.args[0]!.type as MapType), options);
}

/** Keys or values, as lists that share the map's elements. */
const part =
  (field: 0 | 1) =>
  (ctx: EvalContext, { args, type }: ScalarCall): Vector =>
    mapFields(ctx, args[0]!, type, field);

/** The number of each row's key in its map, 0 where there is none. */
const keyNumbers = (ctx: EvalContext, call: ScalarCall, type: MapType): Vector =>
  findInLists(ctx, mapFields(ctx, call.args[0]!, list(type.key), 0), call.args[1]!, call, INT64);

/** Making and reading maps. */
export const mapFunctions: readonly ScalarFunction[] = [
  {
    name: 'map',
    doc: mapDoc(
      "A map of a list of keys and a list of values; MAP {'a': 1} means this.",
      ['keys', 'values'],
      ["map(['a', 'b'], [1, 2])", '{a=1, b=2}'],
    ),
    overloads: [make],
  },
  {
    name: 'map_from_entries',
    doc: mapDoc('A map of a list of key and value pairs.', ['entries'], ["map_from_entries([('a', 1)])", '{a=1}']),
    overloads: [fromEntries],
  },
  {
    name: 'map_keys',
    doc: mapDoc('The keys.', ['map'], ["map_keys(MAP {'a': 1})", '[a]']),
    overloads: [ofMap(false, t => list(t.key), part(0))],
  },
  {
    name: 'map_values',
    doc: mapDoc('The values.', ['map'], ["map_values(MAP {'a': 1})", '[1]']),
    overloads: [ofMap(false, t => list(t.value), part(1))],
  },
  {
    name: 'map_entries',
    doc: mapDoc('Structs of key and value.', ['map'], ["map_entries(MAP {'a': 1})", "[{'key': a, 'value': 1}]"]),
    overloads: [
      ofMap(
        false,
        t =>
          list(
            struct([
              { name: 'key', type: t.key },
              { name: 'value', type: t.value },
            ]),
          ),
        (_, call) => asLists(call.args[0]!, call.type, call.args[0]!.children[0]!),
      ),
    ],
  },
  {
    name: 'cardinality',
    aliases: ['len', 'length'],
    doc: mapDoc('The number of entries.', ['map'], ["cardinality(MAP {'a': 1})", '1']),
    overloads: [ofMap(false, () => UINT64, listLengths)],
  },
  {
    name: 'array_extract',
    aliases: ['map_extract_value'],
    doc: mapDoc('The value of a key; m[key] means this.', ['map', 'key'], ["MAP {'a': 1}['a']", '1']),
    overloads: [
      ofMap(
        true,
        t => t.value,
        (ctx, call, t) => {
          const values = mapFields(ctx, call.args[0]!, list(t.value), 1);
          return elementOfLists(ctx, values, keyNumbers(ctx, call, t), call);
        },
      ),
    ],
  },
  {
    name: 'map_extract',
    aliases: ['element_at'],
    doc: mapDoc(
      'A list of the value of a key; empty when there is none.',
      ['map', 'key'],
      ["map_extract(MAP {'a': 1}, 'a')", '[1]'],
    ),
    overloads: [
      ofMap(
        true,
        t => list(t.value),
        (ctx, call, t) => {
          const values = mapFields(ctx, call.args[0]!, call.type, 1);
          const numbers = keyNumbers(ctx, call, t);
          const validity = validityOf(ctx, call.args[0]!, call.rows);
          return slicedLists(ctx, { ...call, validity }, values, numbers, numbers);
        },
        { nulls: 'handles' },
      ),
    ],
  },
  {
    name: 'map_contains',
    aliases: ['contains', 'map_contains_key'],
    doc: mapDoc('Whether the map has a key.', ['map', 'key'], ["map_contains(MAP {'a': 1}, 'b')", 'false']),
    overloads: [
      ofMap(
        true,
        () => BOOLEAN,
        (ctx, call, t) => findInLists(ctx, mapFields(ctx, call.args[0]!, list(t.key), 0), call.args[1]!, call, BOOLEAN),
        { nulls: 'handles' },
      ),
    ],
  },
];
