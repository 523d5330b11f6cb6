import type { Rows } from '../../batch/batch.ts';
import { valueReader } from '../../batch/read.ts';
import type { Vector } from '../../batch/vector.ts';
import { RayexecError } from '../../common/errors.ts';
import { INT64, list, UINT64, UTF8 } from '../../types/data-type.ts';
import type { RawValue } from '../../types/raw-value.ts';
import type { EvalContext, ScalarFunction, ScalarOverload } from '../function.ts';
import { listLengths } from '../nested/list-length.ts';
import { elementOf, listKernel, listOverload } from '../nested/list-overload.ts';
import { elementOfLists, flattenedLists, slicedLists, wholeNumber } from '../nested/list-parts.ts';
import { distinctInLists } from '../nested/list-sets.ts';
import { listDoc } from '../nested/nested-doc.ts';
import { fixed } from '../overload.ts';
import { mapRows } from '../text/map-rows.ts';

type List = readonly RawValue[];

/** The character at a position from 1, or from the end for negative ones. */
const text: ScalarOverload = fixed('text', [UTF8, INT64], UTF8, (ctx, call) =>
  mapRows(ctx, call, (value, index) => {
    const characters = [...(value as string)];
    const at = index as bigint;
    return characters[Number(at > 0n ? at - 1n : at + BigInt(characters.length))] ?? '';
  }),
);

/** The characters between two positions, cut to the text. */
const textSlice: ScalarOverload = fixed('text', [UTF8, INT64, INT64], UTF8, (ctx, call) =>
  mapRows(ctx, call, (value, from, to) => {
    const characters = [...(value as string)];
    const length = BigInt(characters.length);
    const place = (i: bigint) => (i < 0n ? i + length : i - 1n);
    const [first, last] = [place(from as bigint), place(to as bigint)];
    return characters.slice(Number(first < 0n ? 0n : first), Number(last < 0n ? 0n : last + 1n)).join('');
  }),
);

const element: ScalarOverload = listKernel('list', ['list', INT64], 'element', (ctx, call) =>
  elementOfLists(ctx, call.args[0]!, call.args[1]!, call),
);

/** The element at an index that is the same for all lists. */
const elementAt = (index: number): ScalarOverload =>
  listKernel('list', ['list'], 'element', (ctx, call) =>
    elementOfLists(ctx, call.args[0]!, wholeNumber(ctx, index, call), call),
  );

/** The elements from one index to another that are the same for all lists. */
const part = (from: number, to: number, step?: number): ScalarOverload =>
  listKernel('list', ['list'], 'list', (ctx, call) => {
    const [start, end, by] = [from, to, step].map(n => (n === undefined ? n : wholeNumber(ctx, n, call)));
    return slicedLists(ctx, call, call.args[0]!, start!, end!, by);
  });

const slice: ScalarOverload['run'] = (ctx, call) => {
  const [list, start, end, step] = call.args;
  if (step !== undefined) refuseZero(ctx, call.rows, step);
  return slicedLists(ctx, call, list!, start!, end!, step);
};

/** @throws RayexecError `invalid-argument` for a step of 0 in any row */
function refuseZero(ctx: EvalContext, { selection, selected }: Rows, step: Vector): void {
  const read = valueReader(ctx.memory, step);
  const count = step.form === 'constant' ? 1 : selected;
  for (let j = 0; j < count; j++) {
    if (read(selection === 0 ? j : ctx.memory.u16[(selection >>> 1) + j]!) === 0n)
      throw new RayexecError('invalid-argument', 'the step of a slice is 0');
  }
}

const distinct: ScalarOverload['run'] = (ctx, call) =>
  distinctInLists(ctx, call, list(elementOf(call.args[0]!.type)!), call.validity, call.args[0]!);

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
    aliases: ['list_element', 'array_element'],
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
      listKernel('list', ['list', INT64, INT64], 'list', slice),
      listKernel('step', ['list', INT64, INT64, INT64], 'list', slice, { canFail: true }),
      textSlice,
    ],
  },
  {
    name: 'len',
    aliases: ['length', 'array_length', 'char_length', 'character_length'],
    doc: listDoc('The number of elements.', ['list'], ['len([1, NULL])', '2']),
    overloads: [listKernel('list', ['list'], INT64, listLengths)],
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
    overloads: [
      listKernel('list', ['list'], UINT64, (ctx, call) => listLengths(ctx, { ...call, args: [distinct(ctx, call)] })),
    ],
  },
  {
    name: 'list_distinct',
    aliases: ['array_distinct'],
    doc: listDoc(
      'The different elements, without NULL, in the order of the first of each.',
      ['list'],
      ['list_distinct([2, 1, 2, NULL])', '[2, 1]'],
    ),
    overloads: [listKernel('list', ['list'], 'list', distinct)],
  },
  {
    name: 'list_reverse',
    aliases: ['array_reverse'],
    doc: listDoc('The elements from last to first.', ['list'], ['list_reverse([1, 2])', '[2, 1]']),
    overloads: [part(-1, 1, -1)],
  },
  {
    name: 'array_pop_back',
    doc: listDoc('All elements but the last.', ['list'], ['array_pop_back([1, 2])', '[1]']),
    overloads: [part(1, -2)],
  },
  {
    name: 'array_pop_front',
    doc: listDoc('All elements but the first.', ['list'], ['array_pop_front([1, 2])', '[2]']),
    overloads: [part(2, -1)],
  },
  {
    name: 'flatten',
    doc: listDoc(
      'The elements of the lists in a list, one after the other.',
      ['lists'],
      ['flatten([[1], [2, 3]])', '[1, 2, 3]'],
    ),
    overloads: [listKernel('lists', ['lists'], 'list', flattenedLists)],
  },
  {
    name: 'list_first',
    doc: listDoc('The first element.', ['list'], ['list_first([4, 5])', '4']),
    overloads: [elementAt(1)],
  },
  {
    name: 'list_last',
    doc: listDoc('The last element.', ['list'], ['list_last([4, 5])', '5']),
    overloads: [elementAt(-1)],
  },
  {
    name: 'list_any_value',
    doc: listDoc('The first element that is not NULL.', ['list'], ['list_any_value([NULL, 5])', '5']),
    overloads: [
      listOverload('list', ['list'], 'element', () => (values: List) => values.find(v => v !== null) ?? null),
    ],
  },
];
