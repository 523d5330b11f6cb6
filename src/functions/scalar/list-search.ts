import { validityOf } from '../../kernels/vectors.ts';
import { INT32 } from '../../types/data-type.ts';
import type { ScalarFunction, ScalarOverload } from '../function.ts';
import { findInLists } from '../nested/find-in-lists.ts';
import { listKernel } from '../nested/list-overload.ts';
import { distinctInLists, listsHave } from '../nested/list-sets.ts';
import { listDoc } from '../nested/nested-doc.ts';

const find: ScalarOverload['run'] = (ctx, call) => findInLists(ctx, call.args[0]!, call.args[1]!, call, call.type);

/** Whether some or all values of one argument are in the other. */
const have =
  (all: boolean, sought: 0 | 1): ScalarOverload['run'] =>
  (ctx, call) =>
    listsHave(ctx, call, all, call.args[sought]!, call.args[1 - sought]!);

/** Looking for values in lists. */
export const listSearch: readonly ScalarFunction[] = [
  {
    name: 'list_contains',
    aliases: ['array_contains', 'list_has', 'array_has', 'contains'],
    doc: listDoc('Whether a value is in the list.', ['list', 'value'], ['list_contains([1, 2], 2)', 'true']),
    overloads: [listKernel('list', ['list', 'element'], 'boolean', find, { nulls: 'handles' })],
  },
  {
    name: 'list_position',
    aliases: ['array_position', 'list_indexof', 'array_indexof'],
    doc: listDoc(
      'Where a value is first in the list, from 1; NULL when it is not.',
      ['list', 'value'],
      ["list_position(['a', 'b'], 'b')", '2'],
    ),
    overloads: [listKernel('list', ['list', 'element'], INT32, find, { nulls: 'handles' })],
  },
  {
    name: 'list_has_any',
    aliases: ['array_has_any', '&&'],
    doc: listDoc(
      'Whether two lists have a value in common.',
      ['left', 'right'],
      ['list_has_any([1, 2], [2, 3])', 'true'],
    ),
    overloads: [listKernel('lists', ['list', 'list'], 'boolean', have(false, 0))],
  },
  {
    name: 'list_has_all',
    aliases: ['array_has_all', '@>'],
    doc: listDoc(
      'Whether all values of the second list are in the first.',
      ['list', 'values'],
      ['list_has_all([1, 2, 3], [3, 1])', 'true'],
    ),
    overloads: [listKernel('lists', ['list', 'list'], 'boolean', have(true, 1))],
  },
  {
    name: '<@',
    doc: listDoc(
      'Whether all values of the first list are in the second.',
      ['values', 'list'],
      ['[1] <@ [1, 2]', 'true'],
    ),
    overloads: [listKernel('lists', ['list', 'list'], 'boolean', have(true, 0))],
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
      listKernel(
        'lists',
        ['list', 'list'],
        'list',
        (ctx, call) => {
          const [left, right] = call.args;
          return distinctInLists(ctx, call, call.type, validityOf(ctx, left!, call.rows), left!, right);
        },
        { nulls: 'handles' },
      ),
    ],
  },
];
