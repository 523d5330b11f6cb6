import { compareRaw } from '../../batch/compare-raw.ts';
import type { DataType } from '../../types/data-type.ts';
import { INT32 } from '../../types/data-type.ts';
import type { RawValue } from '../../types/raw-value.ts';
import type { ScalarFunction, ScalarOverload } from '../function.ts';
import { listOverload } from '../nested/list-overload.ts';
import { listDoc } from '../nested/nested-doc.ts';
import { distinctValues, valueKey } from '../nested/value-key.ts';

type List = readonly RawValue[];

const position = (type: DataType, values: List, value: RawValue): number =>
  values.findIndex(v => (v === null || value === null ? v === value : compareRaw(type, v, value) === 0));

const contains: ScalarOverload = listOverload(
  'list',
  ['list', 'element'],
  'boolean',
  type => (values: List | null, value: RawValue) => {
    if (values === null) return null;
    if (value === null) return values.length === 0 ? false : null;
    return position(type, values, value) >= 0;
  },
  { nulls: 'handles' },
);

const keysOf = (values: List): ReadonlySet<string> => new Set(values.flatMap(v => (v === null ? [] : [valueKey(v)])));

function hasAny(a: List, b: List): boolean {
  const keys = keysOf(b);
  return a.some(v => v !== null && keys.has(valueKey(v)));
}

/** NULL elements are not looked for. */
function hasAll(a: List, b: List): boolean {
  const keys = keysOf(a);
  return b.every(v => v === null || keys.has(valueKey(v)));
}

/** Looking for values in lists. */
export const listSearch: readonly ScalarFunction[] = [
  {
    name: 'list_contains',
    aliases: ['array_contains', 'list_has', 'array_has', 'contains'],
    doc: listDoc('Whether a value is in the list.', ['list', 'value'], ['list_contains([1, 2], 2)', 'true']),
    overloads: [contains],
  },
  {
    name: 'list_position',
    aliases: ['array_position', 'list_indexof', 'array_indexof'],
    doc: listDoc(
      'Where a value is first in the list, from 1; NULL when it is not.',
      ['list', 'value'],
      ["list_position(['a', 'b'], 'b')", '2'],
    ),
    overloads: [
      listOverload(
        'list',
        ['list', 'element'],
        INT32,
        type => (values: List | null, value: RawValue) => {
          const found = values === null ? -1 : position(type, values, value);
          return found < 0 ? null : found + 1;
        },
        { nulls: 'handles' },
      ),
    ],
  },
  {
    name: 'list_has_any',
    aliases: ['array_has_any', '&&'],
    doc: listDoc(
      'Whether two lists have a value in common.',
      ['left', 'right'],
      ['list_has_any([1, 2], [2, 3])', 'true'],
    ),
    overloads: [listOverload('lists', ['list', 'list'], 'boolean', () => hasAny)],
  },
  {
    name: 'list_has_all',
    aliases: ['array_has_all', '@>'],
    doc: listDoc(
      'Whether all values of the second list are in the first.',
      ['list', 'values'],
      ['list_has_all([1, 2, 3], [3, 1])', 'true'],
    ),
    overloads: [listOverload('lists', ['list', 'list'], 'boolean', () => hasAll)],
  },
  {
    name: '<@',
    doc: listDoc(
      'Whether all values of the first list are in the second.',
      ['values', 'list'],
      ['[1] <@ [1, 2]', 'true'],
    ),
    overloads: [listOverload('lists', ['list', 'list'], 'boolean', () => (a: List, b: List) => hasAll(b, a))],
  },
  {
    name: 'list_intersect',
    aliases: ['array_intersect'],
    doc: listDoc(
      'The different values that are in both lists; a second list that is NULL has none.',
      ['left', 'right'],
      ['list_intersect([1, 2, 3], [2, 3, 4])', '[2, 3]'],
    ),
    overloads: [
      listOverload(
        'lists',
        ['list', 'list'],
        'list',
        () => (a: List | null, b: List | null) => {
          if (a === null) return null;
          const keys = keysOf(b ?? []);
          return distinctValues(a).filter(v => keys.has(valueKey(v)));
        },
        { nulls: 'handles' },
      ),
    ],
  },
];
