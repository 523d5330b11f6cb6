import { commonType, plainType } from '../../types/coercion.ts';
import { BOOLEAN, type DataType } from '../../types/data-type.ts';
import type { RawValue } from '../../types/raw-value.ts';
import type { Fit, ScalarFunction } from '../function.ts';
import { mapDoc } from '../nested/nested-doc.ts';
import { valueKey } from '../nested/value-key.ts';
import { generic } from '../overload.ts';
import { mapRows } from '../text/map-rows.ts';

type Entries = readonly (readonly [key: RawValue, value: RawValue])[];
type MapType = Extract<DataType, { kind: 'map' }>;

/** Maps of one type, or NULL; the type that keys and values meet in. */
function fitMaps(args: readonly DataType[]): Fit | undefined {
  let met: MapType | undefined;
  for (const arg of args) {
    if (arg.kind === 'null') continue;
    if (arg.kind !== 'map') return undefined;
    const key = met === undefined ? plainType(arg.key) : commonType(met.key, arg.key);
    const value = met === undefined ? plainType(arg.value) : commonType(met.value, arg.value);
    if (key === undefined || value === undefined) return undefined;
    met = { kind: 'map', key, value };
  }
  const type = met;
  return type === undefined || args.length < 2 ? undefined : { args: args.map(() => type), returns: type, cost: 0 };
}

/** A map, then what `parts` names of it. */
function fitParts([type, ...given]: readonly DataType[], parts: readonly ('key' | 'value')[]): Fit | undefined {
  if (type?.kind !== 'map' || given.length !== parts.length) return undefined;
  const types = parts.map((p, i) => commonType(type[p], given[i]!));
  if (types.includes(undefined)) return undefined;
  const found = Object.fromEntries(parts.map((p, i) => [p, plainType(types[i]!)]));
  const cast: MapType = { ...type, ...found };
  return { args: [cast, ...parts.map(p => cast[p])], returns: BOOLEAN, cost: 0 };
}

/** Whether two values are the same; NULL is the same as NULL. */
const same = (a: RawValue, b: RawValue): boolean => (a === null || b === null ? a === b : valueKey(a) === valueKey(b));

/** Putting maps together and looking into them. */
export const moreMapFunctions: readonly ScalarFunction[] = [
  {
    name: 'map_concat',
    doc: mapDoc(
      'A map of the entries of all maps; later values of a key replace those before. NULL is an empty map.',
      ['map', 'map', '…'],
      ["map_concat(MAP {'a': 1}, MAP {'a': 2, 'b': 3})", '{a=2, b=3}'],
    ),
    overloads: [
      generic(
        'maps',
        '(MAP(K, V), MAP(K, V), ...) -> MAP(K, V)',
        fitMaps,
        (ctx, call) =>
          mapRows(ctx, call, (...maps) => {
            const entries = new Map<string, Entries[number]>();
            for (const map of maps) for (const e of (map as Entries | null) ?? []) entries.set(valueKey(e[0]), e);
            return maps.every(m => m === null) ? null : [...entries.values()];
          }),
        { nulls: 'handles' },
      ),
    ],
  },
  {
    name: 'map_contains_value',
    doc: mapDoc(
      'Whether the map has a value; NULL for the value NULL.',
      ['map', 'value'],
      ["map_contains_value(MAP {'a': 1}, 1)", 'true'],
    ),
    overloads: [
      generic(
        'map',
        '(MAP(K, V), V) -> BOOLEAN',
        args => fitParts(args, ['value']),
        (ctx, call) =>
          mapRows(ctx, call, (entries, value) => {
            // No value of an empty map can be the unknown one.
            if (entries === null || (value === null && (entries as Entries).length > 0)) return null;
            return (entries as Entries).some(e => same(e[1], value!));
          }),
        { nulls: 'handles' },
      ),
    ],
  },
  {
    name: 'map_contains_entry',
    doc: mapDoc(
      'Whether the map has a key with a value, which may be NULL.',
      ['map', 'key', 'value'],
      ["map_contains_entry(MAP {'a': 1}, 'a', 2)", 'false'],
    ),
    overloads: [
      generic(
        'map',
        '(MAP(K, V), K, V) -> BOOLEAN',
        args => fitParts(args, ['key', 'value']),
        (ctx, call) =>
          mapRows(ctx, call, (entries, key, value) =>
            entries === null ? null : (entries as Entries).some(e => same(e[0], key!) && same(e[1], value!)),
          ),
        { nulls: 'handles' },
      ),
    ],
  },
];
