import type { Rows } from '../../batch/batch.ts';
import { valueReader } from '../../batch/read.ts';
import { RayexecError } from '../../common/errors.ts';
import { commonTypeOf, plainType } from '../../types/coercion.ts';
import { BOOLEAN, type DataType, INT64, list, struct, UTF8 } from '../../types/data-type.ts';
import type { RawValue } from '../../types/raw-value.ts';
import type { EvalContext, ScalarCall, ScalarFunction, ScalarOverload } from '../function.ts';
import { joinedLists, type ListPart } from '../nested/joined-lists.ts';
import { joinedTexts } from '../nested/joined-texts.ts';
import { elementOf, listKernel } from '../nested/list-overload.ts';
import { listDoc } from '../nested/nested-doc.ts';
import { listsWhere, selectedLists, zippedLists } from '../nested/picked-lists.ts';
import { type ListOrder, sortedLists } from '../nested/sorted-lists.ts';
import { generic } from '../overload.ts';
import { mapRows } from '../text/map-rows.ts';
import { validRows } from '../text/valid-rows.ts';

type List = readonly RawValue[];

function isDescending(text: string): boolean {
  if (/^asc(ending)?$/i.test(text)) return false;
  if (/^desc(ending)?$/i.test(text)) return true;
  throw new RayexecError('invalid-argument', `"${text}" is no order of a list`, { hint: "'ASC' or 'DESC'" });
}

function isNullsFirst(text: string): boolean {
  if (/^nulls first$/i.test(text)) return true;
  if (/^nulls last$/i.test(text)) return false;
  throw new RayexecError('invalid-argument', `"${text}" is no order of NULLs`, {
    hint: "'NULLS FIRST' or 'NULLS LAST'",
  });
}

/** The orders that the arguments after the list name, each with the rows that want it. */
function ordersOf(ctx: EvalContext, { args, rows }: ScalarCall): readonly (readonly [Rows, ListOrder])[] {
  const [, order, nulls] = args;
  const read = [order, nulls].map(v => v && valueReader(ctx.memory, v));
  const at = (i: number): ListOrder => {
    const [direct, places] = read.map(of => of?.(i) as string | undefined);
    return {
      descending: direct !== undefined && isDescending(direct),
      nullsFirst: places !== undefined && isNullsFirst(places),
    };
  };
  if (args.slice(1).every(v => v.form === 'constant')) return [[rows, at(0)]];
  const wanted = new Map<string, { order: ListOrder; positions: number[] }>();
  for (let j = 0; j < rows.selected; j++) {
    const i = rows.selection === 0 ? j : ctx.memory.u16[(rows.selection >>> 1) + j]!;
    const order = at(i);
    const key = `${order.descending} ${order.nullsFirst}`;
    const same = wanted.get(key);
    if (same === undefined) wanted.set(key, { order, positions: [i] });
    else same.positions.push(i);
  }
  return [...wanted.values()].map(({ order, positions }) => [selectionOf(ctx, rows.count, positions), order]);
}

function selectionOf({ memory, arena }: EvalContext, count: number, positions: readonly number[]): Rows {
  const selection = arena.alloc(positions.length * 2);
  memory.u16.set(positions, selection >>> 1);
  return { count, selection, selected: positions.length };
}

function sorts(gives: 'elements' | 'numbers'): readonly ScalarOverload[] {
  const run: ScalarOverload['run'] = (ctx, call) => sortedLists(ctx, call, ordersOf(ctx, call), gives);
  const returns = gives === 'elements' ? 'list' : list(INT64);
  return [
    listKernel('list', ['list'], returns, run),
    listKernel('order', ['list', UTF8], returns, run, { canFail: true }),
    listKernel('nulls', ['list', UTF8, UTF8], returns, run, { canFail: true }),
  ];
}

/** A value at one end of a list, which may be NULL: then it is the only one. */
const withValue = (at: 'start' | 'end', listArgument: 0 | 1): ScalarOverload =>
  listKernel(
    'list',
    listArgument === 0 ? ['list', 'element'] : ['element', 'list'],
    'list',
    (ctx, call) => {
      const parts: readonly ListPart[] = [{ list: call.args[listArgument]! }, { value: call.args[1 - listArgument]! }];
      return joinedLists(ctx, call, at === 'end' ? parts : parts.toReversed());
    },
    { nulls: 'handles' },
  );

/** Lists of lists' elements side by side: as long as the longest, or as the shortest if a last argument asks for it. */
const zip: ScalarOverload = generic(
  'lists',
  '(ANY[], ... [, BOOLEAN]) -> STRUCT[]',
  args => {
    const lists = args.at(-1)?.kind === 'boolean' ? args.slice(0, -1) : args;
    const elementTypes = lists.map(elementOf);
    if (lists.length === 0 || elementTypes.includes(undefined)) return undefined;
    const fields = elementTypes.map((type, i) => ({ name: `v${i + 1}`, type: type! }));
    const wanted = args.map((a, i) => (a.kind === 'null' ? list(elementTypes[i]!) : plainType(a)));
    return { args: wanted, returns: list(struct(fields)), cost: 0 };
  },
  zippedLists,
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
    if (untyped)
      return mapRows(ctx, call, (...lists) =>
        lists.every(l => l === null) ? null : lists.flatMap(l => (l ?? []) as List),
      );
    return joinedLists(
      ctx,
      call,
      call.args.map(l => ({ list: l })),
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
    name: 'concat',
    doc: listDoc(
      'The elements of all lists, one list after the other.',
      ['list', '…'],
      ['concat([1], [2, 3])', '[1, 2, 3]'],
    ),
    overloads: [{ ...concat, fit: args => (args.every(a => a.kind === 'null') ? undefined : concat.fit(args)) }],
  },
  {
    name: '||',
    doc: listDoc('The elements of two lists.', ['left', 'right'], ['[1] || [2]', '[1, 2]']),
    overloads: [
      listKernel('lists', ['list', 'list'], 'list', (ctx, call) =>
        joinedLists(
          ctx,
          { ...call, rows: validRows(ctx, call) },
          call.args.map(l => ({ list: l })),
        ),
      ),
    ],
  },
  {
    name: 'list_append',
    aliases: ['array_append', 'array_push_back'],
    doc: listDoc('The list with a value at its end.', ['list', 'value'], ['list_append([1], 2)', '[1, 2]']),
    overloads: [withValue('end', 0)],
  },
  {
    name: 'list_prepend',
    aliases: ['array_prepend'],
    doc: listDoc('The list with a value at its start.', ['value', 'list'], ['list_prepend(1, [2])', '[1, 2]']),
    overloads: [withValue('start', 1)],
  },
  {
    name: 'array_push_front',
    doc: listDoc('The list with a value at its start.', ['list', 'value'], ['array_push_front([2], 1)', '[1, 2]']),
    overloads: [withValue('start', 0)],
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
    overloads: sorts('elements'),
  },
  {
    name: 'list_grade_up',
    aliases: ['array_grade_up', 'grade_up'],
    doc: listDoc(
      'The positions of the elements in their order.',
      ['list', 'order', 'nulls'],
      ['list_grade_up([3, 1, 2])', '[2, 3, 1]'],
    ),
    overloads: sorts('numbers'),
  },
  {
    name: 'list_reverse_sort',
    aliases: ['array_reverse_sort'],
    doc: listDoc('The elements from greatest to least.', ['list'], ['list_reverse_sort([2, 3, 1])', '[3, 2, 1]']),
    overloads: [
      listKernel('list', ['list'], 'list', (ctx, call) =>
        sortedLists(ctx, call, [[call.rows, { descending: true, nullsFirst: false }]], 'elements'),
      ),
    ],
  },
  {
    name: 'list_zip',
    aliases: ['array_zip', 'arrays_zip'],
    doc: listDoc(
      'Structs of the elements at the same positions, as long as the longest list; as the shortest with true at the end.',
      ['list', '…', 'cut'],
      ["list_zip([1, 2], ['a', 'b'])", "[{'v1': 1, 'v2': a}, {'v1': 2, 'v2': b}]"],
    ),
    overloads: [zip],
  },
  {
    name: 'list_where',
    aliases: ['array_where'],
    doc: listDoc(
      'The elements where a list of booleans is true; NULL where that is longer.',
      ['list', 'mask'],
      ['list_where([1, 2, 3], [true, false, true])', '[1, 3]'],
    ),
    overloads: [listKernel('list', ['list', list(BOOLEAN)], 'list', listsWhere)],
  },
  {
    name: 'list_select',
    aliases: ['array_select'],
    doc: listDoc(
      'The elements at positions from 1.',
      ['list', 'positions'],
      ['list_select([4, 5, 6], [3, 1])', '[6, 4]'],
    ),
    overloads: [listKernel('list', ['list', list(INT64)], 'list', selectedLists)],
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
        joinedTexts,
      ),
    ],
  },
];
