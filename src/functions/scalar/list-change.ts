import { compareRaw } from '../../batch/compare-raw.ts';
import { RayexecError } from '../../common/errors.ts';
import { commonTypeOf, plainType } from '../../types/coercion.ts';
import { BOOLEAN, type DataType, INT64, list, struct, UTF8 } from '../../types/data-type.ts';
import type { RawValue } from '../../types/raw-value.ts';
import type { ScalarFunction, ScalarOverload } from '../function.ts';
import { elementOf, listOverload } from '../nested/list-overload.ts';
import { listDoc } from '../nested/nested-doc.ts';
import { generic } from '../overload.ts';
import { mapRows } from '../text/map-rows.ts';

type List = readonly RawValue[];
type SortOrder = { readonly descending: boolean; readonly nullsFirst: boolean };

/** Positions of the elements in their order. */
function sortedPositions(type: DataType, values: List, { descending, nullsFirst }: SortOrder): readonly number[] {
  return values
    .map((_, i) => i)
    .sort((i, j) => {
      const [a, b] = [values[i]!, values[j]!];
      if (a === null || b === null) return (Number(a === null) - Number(b === null)) * (nullsFirst ? -1 : 1) || i - j;
      return compareRaw(type, a, b) * (descending ? -1 : 1) || i - j;
    });
}

function direction(text: string): boolean {
  if (/^asc(ending)?$/i.test(text)) return false;
  if (/^desc(ending)?$/i.test(text)) return true;
  throw new RayexecError('invalid-argument', `"${text}" is no order of a list`, { hint: "'ASC' or 'DESC'" });
}

function nullsFirst(text: string): boolean {
  if (/^nulls first$/i.test(text)) return true;
  if (/^nulls last$/i.test(text)) return false;
  throw new RayexecError('invalid-argument', `"${text}" is no order of NULLs`, {
    hint: "'NULLS FIRST' or 'NULLS LAST'",
  });
}

type FromPositions = (values: List, positions: readonly number[]) => RawValue;
const elements: FromPositions = (values, positions) => positions.map(i => values[i]!);
const numbers: FromPositions = (_, positions) => positions.map(i => BigInt(i + 1));

function sorts(returns: 'list' | DataType, result: FromPositions): readonly ScalarOverload[] {
  return [
    listOverload(
      'list',
      ['list'],
      returns,
      type => (values: List) => result(values, sortedPositions(type, values, { descending: false, nullsFirst: false })),
    ),
    listOverload(
      'order',
      ['list', UTF8],
      returns,
      type => (values: List, order: string) =>
        result(values, sortedPositions(type, values, { descending: direction(order), nullsFirst: false })),
      { canFail: true },
    ),
    listOverload(
      'nulls',
      ['list', UTF8, UTF8],
      returns,
      type => (values: List, order: string, nulls: string) =>
        result(values, sortedPositions(type, values, { descending: direction(order), nullsFirst: nullsFirst(nulls) })),
      { canFail: true },
    ),
  ];
}

const append = (values: List | null, value: RawValue): RawValue => [...(values ?? []), value];

/** Lists of lists' elements side by side, as long as the longest. */
const zip: ScalarOverload = generic(
  'lists',
  '(ANY[], ...) -> STRUCT[]',
  args => {
    const elementTypes = args.map(elementOf);
    if (args.length === 0 || elementTypes.includes(undefined)) return undefined;
    const fields = elementTypes.map((type, i) => ({ name: `v${i + 1}`, type: type! }));
    return { args: args.map(plainType), returns: list(struct(fields)), cost: 0 };
  },
  (ctx, call) =>
    mapRows(ctx, call, (...lists) => {
      const given = lists.map(l => (l ?? []) as List);
      const length = Math.max(...given.map(l => l.length));
      return Array.from({ length }, (_, i) => given.map(l => l[i] ?? null));
    }),
  { nulls: 'handles' },
);

/** Any number of lists with elements of one type; NULL is no list to be reckoned with. */
const concat: ScalarOverload = generic(
  'lists',
  '(T[], ...) -> T[]',
  args => {
    const elements = args.map(elementOf);
    if (args.length === 0 || elements.includes(undefined)) return undefined;
    const element = commonTypeOf(elements as readonly DataType[]);
    return element && { args: args.map(() => list(element)), returns: list(element), cost: 0 };
  },
  (ctx, call) => {
    // Only constants NULL, which are no lists yet, give NULL.
    const untyped = call.type.kind === 'list' && call.type.element.kind === 'null';
    return mapRows(ctx, call, (...lists) =>
      untyped && lists.every(l => l === null) ? null : lists.flatMap(l => (l ?? []) as List),
    );
  },
  { nulls: 'handles' },
);

/** Lists made of lists. */
export const listChanges: readonly ScalarFunction[] = [
  {
    name: 'list_concat',
    aliases: ['list_cat', 'array_concat', 'array_cat'],
    doc: listDoc(
      'The elements of all lists, one list after the other; NULL counts as empty.',
      ['list', '…'],
      ['list_concat([1], [2, 3])', '[1, 2, 3]'],
    ),
    overloads: [concat],
  },
  {
    name: '||',
    doc: listDoc('The elements of two lists.', ['left', 'right'], ['[1] || [2]', '[1, 2]']),
    overloads: [listOverload('lists', ['list', 'list'], 'list', () => (a: List, b: List) => [...a, ...b])],
  },
  {
    name: 'list_append',
    aliases: ['array_append', 'array_push_back'],
    doc: listDoc('The list with a value at its end.', ['list', 'value'], ['list_append([1], 2)', '[1, 2]']),
    overloads: [listOverload('list', ['list', 'element'], 'list', () => append, { nulls: 'handles' })],
  },
  {
    name: 'list_prepend',
    aliases: ['array_prepend'],
    doc: listDoc('The list with a value at its start.', ['value', 'list'], ['list_prepend(1, [2])', '[1, 2]']),
    overloads: [
      listOverload(
        'list',
        ['element', 'list'],
        'list',
        () => (value: RawValue, values: List | null) => [value, ...(values ?? [])],
        { nulls: 'handles' },
      ),
    ],
  },
  {
    name: 'array_push_front',
    doc: listDoc('The list with a value at its start.', ['list', 'value'], ['array_push_front([2], 1)', '[1, 2]']),
    overloads: [
      listOverload(
        'list',
        ['list', 'element'],
        'list',
        () => (values: List | null, value: RawValue) => [value, ...(values ?? [])],
        { nulls: 'handles' },
      ),
    ],
  },
  {
    name: 'list_sort',
    aliases: ['array_sort'],
    doc: listDoc(
      'The elements in order.',
      ['list', 'order', 'nulls'],
      ['list_sort([2, 3, 1])', '[1, 2, 3]'],
      ["list_sort([2, NULL, 1], 'DESC', 'NULLS FIRST')", '[NULL, 2, 1]'],
    ),
    overloads: sorts('list', elements),
  },
  {
    name: 'list_grade_up',
    aliases: ['array_grade_up', 'grade_up'],
    doc: listDoc(
      'The positions of the elements in their order.',
      ['list', 'order', 'nulls'],
      ['list_grade_up([3, 1, 2])', '[2, 3, 1]'],
    ),
    overloads: sorts(list(INT64), numbers),
  },
  {
    name: 'list_reverse_sort',
    aliases: ['array_reverse_sort'],
    doc: listDoc('The elements from greatest to least.', ['list'], ['list_reverse_sort([2, 3, 1])', '[3, 2, 1]']),
    overloads: [
      listOverload(
        'list',
        ['list'],
        'list',
        type => (values: List) =>
          elements(values, sortedPositions(type, values, { descending: true, nullsFirst: false })),
      ),
    ],
  },
  {
    name: 'list_zip',
    aliases: ['array_zip'],
    doc: listDoc(
      'Structs of the elements at the same positions.',
      ['list', '…'],
      ["list_zip([1, 2], ['a', 'b'])", "[{'v1': 1, 'v2': a}, {'v1': 2, 'v2': b}]"],
    ),
    overloads: [zip],
  },
  {
    name: 'list_where',
    aliases: ['array_where'],
    doc: listDoc(
      'The elements where a list of booleans is true.',
      ['list', 'mask'],
      ['list_where([1, 2, 3], [true, false, true])', '[1, 3]'],
    ),
    overloads: [
      listOverload(
        'list',
        ['list', list(BOOLEAN)],
        'list',
        () => (values: List, mask: List) => values.filter((_, i) => mask[i] === true),
      ),
    ],
  },
  {
    name: 'list_select',
    aliases: ['array_select'],
    doc: listDoc(
      'The elements at positions from 1.',
      ['list', 'positions'],
      ['list_select([4, 5, 6], [3, 1])', '[6, 4]'],
    ),
    overloads: [
      listOverload(
        'list',
        ['list', list(INT64)],
        'list',
        () => (values: List, positions: readonly (bigint | null)[]) =>
          positions.map(p => (p === null || p <= 0n ? null : (values[Number(p) - 1] ?? null))),
      ),
    ],
  },
  {
    name: 'array_to_string',
    aliases: ['list_to_string'],
    doc: listDoc(
      'The elements that are not NULL as one text, with a separator between them; NULL when all are NULL.',
      ['list', 'separator'],
      ["array_to_string([1, NULL, 2], '-')", '1-2'],
    ),
    overloads: [
      generic(
        'list',
        '(ANY[], VARCHAR) -> VARCHAR',
        args =>
          args.length === 2 && elementOf(args[0]!) !== undefined
            ? { args: [list(UTF8), UTF8], returns: UTF8, cost: 0 }
            : undefined,
        (ctx, call) =>
          mapRows(ctx, call, (values, by) => {
            const texts = (values as List).filter(v => v !== null);
            return texts.length === 0 && (values as List).length > 0 ? null : texts.join(by as string);
          }),
      ),
    ],
  },
];
