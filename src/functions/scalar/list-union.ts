import type { RawValue } from '../../types/raw-value.ts';
import type { ScalarFunction } from '../function.ts';
import { listOverload } from '../nested/list-overload.ts';
import { listDoc } from '../nested/nested-doc.ts';
import { valueKey } from '../nested/value-key.ts';

type List = readonly RawValue[];

const keyOf = (value: RawValue): unknown => (value === null ? null : valueKey(value));

function different(values: List): List {
  const first = new Map<unknown, RawValue>();
  for (const v of values) if (!first.has(keyOf(v))) first.set(keyOf(v), v);
  return [...first.values()];
}

function withoutFirst(values: List, value: RawValue): List {
  const at = values.findIndex(v => keyOf(v) === keyOf(value));
  return at < 0 ? values : values.toSpliced(at, 1);
}

/** Lists with values of others, and without some of their own. */
export const listUnion: readonly ScalarFunction[] = [
  {
    name: 'list_union',
    aliases: ['array_union'],
    doc: listDoc(
      'The different values of both lists, NULL among them.',
      ['left', 'right'],
      ['list_union([1, 2], [2, NULL])', '[1, 2, NULL]'],
    ),
    overloads: [listOverload('lists', ['list', 'list'], 'list', () => (a: List, b: List) => different([...a, ...b]))],
  },
  {
    name: 'list_remove',
    aliases: ['array_remove'],
    doc: listDoc(
      'The list without the first of its elements that is a value.',
      ['list', 'value'],
      ['list_remove([1, 2, 1], 1)', '[2, 1]'],
    ),
    overloads: [listOverload('list', ['list', 'element'], 'list', () => withoutFirst)],
  },
];
