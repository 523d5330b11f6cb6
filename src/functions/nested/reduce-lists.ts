import { allRows } from '../../batch/batch.ts';
import { buildConstant } from '../../batch/builder.ts';
import type { Vector } from '../../batch/vector.ts';
import { RayexecError } from '../../common/errors.ts';
import { concatVectors, type VectorPart } from '../../kernels/concat-vectors.ts';
import { gather, indexesOf, NO_ROW, selectValid, validityOf } from '../../kernels/vectors.ts';
import { INT64 } from '../../types/data-type.ts';
import type { EvalContext, ScalarCall } from '../function.ts';
import { maskOf } from '../operand.ts';
import { type ListCall, listCall } from './list-elements.ts';

/** Rows on their way through their lists; `rows` is a u32 array of their numbers, `values` what they have come to. */
type Going = { readonly rows: number; readonly count: number; readonly values: Vector };

/**
 * Folds each row's list with a lambda of the value so far, an element (and its number). The body runs once for each
 * element number, over all rows whose lists reach it. Without an initial value the first element is one.
 * @throws RayexecError `invalid-argument` for an empty list without an initial value
 */
export function reduceLists(ctx: EvalContext, call: ScalarCall): Vector {
  const { arena, kernels, memory } = ctx;
  const lists = listCall(ctx, call);
  const { rows, list, lengths } = lists;
  const all = allRows(rows.selected);
  const valid = selectValid(ctx, validityOf(ctx, list, all), all);
  const count = valid.selected;
  if (count === 0) return buildConstant(ctx, call.type, null, rows.count);
  const [initial] = lists.others;
  const start = indexesOf(ctx, valid);
  if (initial === undefined) refuseEmpty(ctx, lists, start, count);
  let going: Going = {
    rows: start,
    count,
    values: initial === undefined ? elementsAt(ctx, lists, start, count, 0) : gather(ctx, initial, start, count),
  };
  const results: VectorPart[] = [];
  const ended = arena.alloc(count * 4);
  let done = 0;
  for (let element = initial === undefined ? 1 : 0; ; element++) {
    const order = arena.alloc(going.count * 4);
    const staying = kernels.list_rest(lengths, going.rows, going.count, element, order);
    if (staying < going.count) {
      const leaving = going.count - staying;
      kernels.gather_32(going.rows, order + staying * 4, leaving, ended + done * 4);
      done += leaving;
      results.push({ vector: gather(ctx, going.values, order + staying * 4, leaving), count: leaving });
      if (staying === 0) break;
      const next = arena.alloc(staying * 4);
      kernels.gather_32(going.rows, order, staying, next);
      going = { rows: next, count: staying, values: gather(ctx, going.values, order, staying) };
    }
    going = { ...going, values: step(ctx, lists, going, element) };
  }
  const places = arena.alloc(count * 4);
  kernels.gather_32(indexesOf(ctx, rows), ended, count, places);
  const indexes = arena.alloc(rows.count * 4);
  memory.u32.fill(NO_ROW, indexes >>> 2, (indexes >>> 2) + rows.count);
  kernels.inverse_order(places, count, indexes);
  return gather(ctx, concatVectors(ctx, call.type, results), indexes, rows.count);
}

/** The values after one more element. They are flat, so that no call works on dictionaries which it made itself. */
function step(ctx: EvalContext, lists: ListCall, { rows, count, values }: Going, element: number): Vector {
  const { body, captured } = lists;
  const columns = [values, elementsAt(ctx, lists, rows, count, element)];
  if (body.params > 2) columns.push(buildConstant(ctx, INT64, BigInt(element + 1), count));
  for (const value of captured) columns.push(gather(ctx, value, rows, count));
  return concatVectors(ctx, body.type, [{ vector: body.evaluate(columns, allRows(count)), count }]);
}

/** The elements of one number, from 0. */
function elementsAt(ctx: EvalContext, { list }: ListCall, rows: number, count: number, element: number): Vector {
  const { arena, kernels, memory } = ctx;
  const numbers = arena.alloc(count * 4);
  memory.u32.fill(element, numbers >>> 2, (numbers >>> 2) + count);
  const indexes = arena.alloc(count * 4);
  kernels.list_elements(list.data, maskOf(list), list.validity, rows, numbers, count, indexes);
  return gather(ctx, list.children[0]!, indexes, count);
}

function refuseEmpty({ arena, kernels }: EvalContext, { lengths }: ListCall, rows: number, count: number): void {
  if (kernels.list_rest(lengths, rows, count, 0, arena.alloc(count * 4)) === count) return;
  throw new RayexecError('invalid-argument', 'Cannot perform list_reduce on an empty input list', {
    hint: 'an initial value makes it one: list_reduce(list, lambda, 0)',
  });
}
