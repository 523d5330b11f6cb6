import { allRows } from '../../batch/batch.ts';
import type { Vector } from '../../batch/vector.ts';
import { concatVectors, type VectorPart } from '../../kernels/concat-vectors.ts';
import { gather, indexesOf } from '../../kernels/vectors.ts';
import { childTypes } from '../../types/physical.ts';
import type { EvalContext, ScalarCall, ScalarFunction, ScalarOverload } from '../function.ts';
import { elementOwners, elementPieces, listCall, listsOf } from '../nested/list-elements.ts';
import { listDoc } from '../nested/nested-doc.ts';
import { reduceLists } from '../nested/reduce-lists.ts';
import { generic, type OverloadOptions } from '../overload.ts';

/** The body over all elements of all lists, one after the other. */
function transformLists(ctx: EvalContext, call: ScalarCall): Vector {
  const lists = listCall(ctx, call);
  const parts: VectorPart[] = [];
  for (const { columns, count } of elementPieces(ctx, lists))
    parts.push({ vector: lists.body.evaluate(columns, allRows(count)), count });
  return listsOf(ctx, lists, call, lists.lengths, concatVectors(ctx, childTypes(call.type)[0]!, parts));
}

/** The elements for which the body is true. */
function filterLists(ctx: EvalContext, call: ScalarCall): Vector {
  const { arena, kernels } = ctx;
  const lists = listCall(ctx, call);
  const lengths = arena.allocZeroed(lists.rows.selected * 4);
  const owners = elementOwners(ctx, lists);
  const parts: VectorPart[] = [];
  for (const { columns, count, from } of elementPieces(ctx, lists)) {
    const kept = lists.body.select(columns, allRows(count));
    kernels.list_keep(kept.selection, kept.selected, owners + from * 4, lengths);
    parts.push({ vector: gather(ctx, columns[0]!, indexesOf(ctx, kept), kept.selected), count: kept.selected });
  }
  return listsOf(ctx, lists, call, lengths, concatVectors(ctx, childTypes(call.type)[0]!, parts));
}

/** A call with a lambda gets its types where it is bound: what the body gives decides. Without one nothing fits. */
const withLambda = (
  key: string,
  signature: string,
  run: ScalarOverload['run'],
  options: OverloadOptions = {},
): ScalarOverload => generic(key, signature, () => undefined, run, { nulls: 'handles', ...options });

/** Functions that take a lambda. */
export const listLambdas: readonly ScalarFunction[] = [
  {
    name: 'list_transform',
    aliases: ['list_apply', 'array_transform', 'array_apply', 'apply'],
    doc: listDoc(
      'What a lambda makes of each element; it may take the number of the element, from 1, as well.',
      ['list', 'lambda'],
      ['list_transform([1, 2, NULL], lambda x: x + 1)', '[2, 3, NULL]'],
      ['list_transform([5, 6], lambda x, i: x * i)', '[5, 12]'],
    ),
    overloads: [withLambda('list', '(T[], LAMBDA) -> U[]', transformLists)],
  },
  {
    name: 'list_filter',
    aliases: ['array_filter', 'filter'],
    doc: listDoc(
      'The elements for which a lambda is true; it may take the number of the element, from 1, as well.',
      ['list', 'lambda'],
      ['list_filter([3, 4, 5], lambda x: x > 3)', '[4, 5]'],
      ['list_filter([3, 4, 5], lambda x, i: i <> 2)', '[3, 5]'],
    ),
    overloads: [withLambda('list', '(T[], LAMBDA) -> T[]', filterLists)],
  },
  {
    name: 'list_reduce',
    aliases: ['array_reduce', 'reduce'],
    doc: listDoc(
      'One value: the first element (or an initial value), combined by a lambda with each element after it; the lambda may take the number of the element, from 1, as well.',
      ['list', 'lambda', 'initial'],
      ['list_reduce([1, 2, 3], lambda a, x: a + x)', '6'],
      ["list_reduce([1, 2, 3], lambda a, x: a || x::VARCHAR, '')", '123'],
    ),
    overloads: [withLambda('list', '(T[], LAMBDA [, U]) -> U', reduceLists, { canFail: true })],
  },
];
