import { RayexecError } from '../../common/errors.ts';
import { INT64, UINT64, UTF8 } from '../../types/data-type.ts';
import type { RawValue } from '../../types/raw-value.ts';
import type { ScalarFunction, ScalarOverload } from '../function.ts';
import { listLengths } from '../nested/list-length.ts';
import { listOverload } from '../nested/list-overload.ts';
import { listDoc } from '../nested/nested-doc.ts';
import { distinctValues as distinct } from '../nested/value-key.ts';
import { fixed } from '../overload.ts';
import { mapRows } from '../text/map-rows.ts';

type List = readonly RawValue[];

/** The element at a position from 1, or from the end for negative ones. */
const at = (values: List, index: bigint): RawValue =>
  values[Number(index > 0n ? index - 1n : index + BigInt(values.length))] ?? null;

/** The positions from … to of a slice, cut to the list. Negative steps go through it backwards, from the greater position. */
function sliced(values: List, start: bigint, end: bigint, step: bigint): List {
  const [from, to] = step < 0n ? [end, start] : [start, end];
  if (step === 0n) throw new RayexecError('invalid-argument', 'the step of a slice is 0');
  const length = BigInt(values.length);
  const place = (i: bigint) => (i < 0n ? i + length : i - 1n);
  let first = place(from);
  let last = place(to);
  if (from === 0n) first = 0n;
  if (to === 0n) last = -1n;
  first = first < 0n ? 0n : first;
  last = last >= length ? length - 1n : last;
  const window = last < first ? [] : values.slice(Number(first), Number(last) + 1);
  if (step === 1n) return window;
  const ordered = step < 0n ? [...window].reverse() : window;
  const stride = Number(step < 0n ? -step : step);
  return ordered.filter((_, i) => i % stride === 0);
}

const slice = (values: List, from: bigint, to: bigint) => sliced(values, from, to, 1n);

const text: ScalarOverload = fixed('text', [UTF8, INT64], UTF8, (ctx, call) =>
  mapRows(ctx, call, (value, index) => at([...(value as string)], index as bigint) ?? ''),
);
const textSlice: ScalarOverload = fixed('text', [UTF8, INT64, INT64], UTF8, (ctx, call) =>
  mapRows(ctx, call, (value, from, to) => slice([...(value as string)], from as bigint, to as bigint).join('')),
);
const element: ScalarOverload = listOverload('list', ['list', INT64], 'element', () => at);

const whole = (
  name: string,
  summary: string,
  example: readonly [string, string],
  of: (values: List) => RawValue,
  aliases: readonly string[] = [],
): ScalarFunction => ({
  name,
  aliases,
  doc: listDoc(summary, ['list'], example),
  overloads: [listOverload('list', ['list'], 'list', () => of)],
});

/** Elements and parts of lists. */
export const listParts: readonly ScalarFunction[] = [
  {
    name: 'array_extract',
    doc: listDoc(
      'The element of a list, character of a text, field of a struct or value of a map that an index names; x[1] means this.',
      ['value', 'index'],
      ['[4, 5][2]', '5'],
      ["'abc'[-1]", 'c'],
    ),
    overloads: [element, text],
  },
  {
    name: 'list_extract',
    aliases: ['list_element'],
    doc: listDoc(
      'The element at a position from 1; negative: from the end.',
      ['list', 'index'],
      ['list_extract([4, 5], -1)', '5'],
    ),
    overloads: [element, text],
  },
  {
    name: 'array_slice',
    aliases: ['list_slice'],
    doc: listDoc(
      'The elements between two positions, both included, in steps; x[1:2] means this.',
      ['list', 'from', 'to', 'step'],
      ['[1, 2, 3, 4][2:3]', '[2, 3]'],
      ['[1, 2, 3, 4][:-:-1]', '[4, 3, 2, 1]'],
    ),
    overloads: [
      listOverload('list', ['list', INT64, INT64], 'list', () => slice),
      listOverload('step', ['list', INT64, INT64, INT64], 'list', () => sliced, { canFail: true }),
      textSlice,
    ],
  },
  {
    name: 'len',
    aliases: ['length', 'array_length'],
    doc: listDoc('The number of elements.', ['list'], ['len([1, NULL])', '2']),
    overloads: [{ ...listOverload('list', ['list'], INT64, () => () => null), run: listLengths }],
  },
  {
    name: 'array_length',
    doc: listDoc(
      'The number of elements in a dimension, of which lists have one.',
      ['list', 'dimension'],
      ['array_length([1, 2], 1)', '2'],
    ),
    overloads: [
      listOverload(
        'dimension',
        ['list', INT64],
        INT64,
        () => (values: List, dimension: bigint) => {
          if (dimension !== 1n) throw new RayexecError('unsupported', 'array_length looks at the first dimension only');
          return BigInt(values.length);
        },
        { canFail: true },
      ),
    ],
  },
  {
    name: 'list_unique',
    aliases: ['array_unique'],
    doc: listDoc(
      'The number of different elements, NULL not counted.',
      ['list'],
      ['list_unique([1, 1, 2, NULL])', '2'],
    ),
    overloads: [listOverload('list', ['list'], UINT64, () => (values: List) => BigInt(distinct(values).length))],
  },
  whole(
    'list_distinct',
    'The different elements, without NULL, in the order of the first of each.',
    ['list_distinct([2, 1, 2, NULL])', '[2, 1]'],
    distinct,
    ['array_distinct'],
  ),
  whole('list_reverse', 'The elements from last to first.', ['list_reverse([1, 2])', '[2, 1]'], v => [...v].reverse(), [
    'array_reverse',
  ]),
  whole('array_pop_back', 'All elements but the last.', ['array_pop_back([1, 2])', '[1]'], v => v.slice(0, -1)),
  whole('array_pop_front', 'All elements but the first.', ['array_pop_front([1, 2])', '[2]'], v => v.slice(1)),
  {
    name: 'flatten',
    doc: listDoc(
      'The elements of the lists in a list, one after the other.',
      ['lists'],
      ['flatten([[1], [2, 3]])', '[1, 2, 3]'],
    ),
    overloads: [
      listOverload('lists', ['lists'], 'list', () => (lists: readonly (List | null)[]) => lists.flatMap(l => l ?? [])),
    ],
  },
  {
    name: 'list_first',
    doc: listDoc('The first element.', ['list'], ['list_first([4, 5])', '4']),
    overloads: [listOverload('list', ['list'], 'element', () => (values: List) => values[0] ?? null)],
  },
  {
    name: 'list_last',
    doc: listDoc('The last element.', ['list'], ['list_last([4, 5])', '5']),
    overloads: [listOverload('list', ['list'], 'element', () => (values: List) => values.at(-1) ?? null)],
  },
  {
    name: 'list_any_value',
    doc: listDoc('The first element that is not NULL.', ['list'], ['list_any_value([NULL, 5])', '5']),
    overloads: [
      listOverload('list', ['list'], 'element', () => (values: List) => values.find(v => v !== null) ?? null),
    ],
  },
];
