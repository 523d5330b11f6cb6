import { allRows, type Rows } from '../../batch/batch.ts';
import { Vector } from '../../batch/vector.ts';
import { gather, indexesOf, validityOf } from '../../kernels/vectors.ts';
import { INT64 } from '../../types/data-type.ts';
import type { EvalContext, LambdaBody, ScalarCall } from '../function.ts';
import { elementRun, listOperand, listSizes } from './list-operand.ts';

/** Elements that a lambda's body runs on at a time: fewer than the positions that a selection can name. */
const PIECE = 16_384;

/**
 * What a call of a lambda works on: its list, the captured values and other arguments of the rows that count, compact. The
 * addresses are u32 arrays by row (from 0 in the order of `rows`).
 */
export type ListCall = {
  readonly body: LambdaBody;
  readonly rows: Rows;
  readonly list: Vector;
  /** The length of each list; 0 for NULL. */
  readonly lengths: number;
  readonly sizes: ReturnType<typeof listSizes>;
  /** Arguments between the list and the captured values. */
  readonly others: readonly Vector[];
  readonly captured: readonly Vector[];
};

export function listCall(ctx: EvalContext, { args, rows, lambda }: ScalarCall): ListCall {
  const body = lambda!;
  const given = args.length - body.captured;
  const [list, ...rest] = compactArgs(ctx, args, rows);
  const lengths = ctx.arena.allocZeroed(rows.selected * 4);
  ctx.kernels.list_lengths(...listOperand(list!), 0, rows.selected, lengths);
  const sizes = listSizes(ctx, listOperand(list!), allRows(rows.selected));
  return {
    body,
    rows,
    list: list!,
    lengths,
    sizes,
    others: rest.slice(0, given - 1),
    captured: rest.slice(given - 1),
  };
}

function compactArgs(ctx: EvalContext, args: readonly Vector[], rows: Rows): readonly Vector[] {
  if (rows.selection === 0) return args;
  const indexes = indexesOf(ctx, rows);
  return args.map(a => gather(ctx, a, indexes, rows.selected));
}

/** Some elements: how many, which of all they begin with, and what the body of a lambda runs over: elements (and their numbers), captured values. */
export type ElementPiece = { readonly count: number; readonly from: number; readonly columns: readonly Vector[] };

/** All elements in order, in pieces. No element of a list that is NULL or of a row that does not count is among them. */
export function* elementPieces(ctx: EvalContext, call: ListCall): Generator<ElementPiece> {
  const { list, sizes, body, captured } = call;
  const rows = allRows(call.rows.selected);
  const run = elementRun(ctx, list, rows, sizes);
  const owners = captured.length > 0 ? elementOwners(ctx, call) : 0;
  const numbers = body.params > 1 ? elementNumbers(ctx, call) : 0;
  for (let from = 0; from < sizes.total; from += PIECE) {
    const count = Math.min(PIECE, sizes.total - from);
    const columns = [run(from, count)];
    if (numbers !== 0) columns.push(ordinals(ctx, numbers + from * 4, count));
    for (const value of captured) columns.push(gather(ctx, value, owners + from * 4, count));
    yield { count, from, columns };
  }
}

/** The row that each element belongs to, u32. */
export function elementOwners({ arena, kernels }: EvalContext, { list, rows, sizes }: ListCall): number {
  const owners = arena.alloc(sizes.total * 4);
  kernels.list_places(...listOperand(list), 0, rows.selected, 0, 0, 1, owners);
  return owners;
}

/** The number of each element in its list from 0, u32. */
function elementNumbers({ arena, kernels }: EvalContext, { lengths, rows, sizes: { total } }: ListCall): number {
  const [owners, numbers] = [arena.alloc(total * 4), arena.alloc(total * 4)];
  kernels.unnest_rows(lengths, 0, rows.selected, false, arena.allocZeroed(8), total, owners, numbers);
  return numbers;
}

/** Numbers of elements from 1. */
function ordinals({ arena, kernels }: EvalContext, numbers: number, count: number): Vector {
  const data = arena.alloc(count * 8);
  kernels.element_ordinals(numbers, count, data, arena.alloc((count + 7) >> 3));
  return Vector.flat(INT64, count, data);
}

/** The lists of the call's rows with new elements, as many as `lengths` says; NULL where the lists were. */
export function listsOf(
  ctx: EvalContext,
  { rows }: ListCall,
  call: ScalarCall,
  lengths: number,
  child: Vector,
): Vector {
  const pairs = ctx.arena.allocZeroed(rows.count * 8);
  ctx.kernels.list_pairs(lengths, rows.selection, rows.selected, pairs);
  const [list] = call.args;
  return Vector.flat(call.type, rows.count, pairs, validityOf(ctx, list!, rows), [child]);
}
