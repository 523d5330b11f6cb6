import type { Rows } from '../../batch/batch.ts';
import { Vector } from '../../batch/vector.ts';
import { gather, indexesOf, validityOf } from '../../kernels/vectors.ts';
import { INT64 } from '../../types/data-type.ts';
import type { EvalContext, LambdaBody, ScalarCall } from '../function.ts';
import { maskOf } from '../operand.ts';

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
  /** How many elements all lists have. */
  readonly elements: number;
  /** Arguments between the list and the captured values. */
  readonly others: readonly Vector[];
  readonly captured: readonly Vector[];
};

export function listCall(ctx: EvalContext, { args, rows, lambda }: ScalarCall): ListCall {
  const body = lambda!;
  const given = args.length - body.captured;
  const [list, ...rest] = compactArgs(ctx, args, rows);
  const lengths = ctx.arena.allocZeroed(rows.selected * 4);
  ctx.kernels.list_lengths(list!.data, maskOf(list!), list!.validity, 0, rows.selected, lengths);
  const { u32 } = ctx.memory;
  let elements = 0;
  for (let j = 0; j < rows.selected; j++) elements += u32[(lengths >>> 2) + j]!;
  return {
    body,
    rows,
    list: list!,
    lengths,
    elements,
    others: rest.slice(0, given - 1),
    captured: rest.slice(given - 1),
  };
}

function compactArgs(ctx: EvalContext, args: readonly Vector[], rows: Rows): readonly Vector[] {
  if (rows.selection === 0) return args;
  const indexes = indexesOf(ctx, rows);
  return args.map(a => gather(ctx, a, indexes, rows.selected));
}

/** Some elements, and where they come from: u32 arrays of the rows, and of the positions in the list's child. */
export type ElementPiece = {
  readonly count: number;
  readonly rows: number;
  readonly indexes: number;
  /** What the body of a lambda with an element (and its number) as parameters runs over. */
  readonly columns: readonly Vector[];
};

/** All elements in order, in pieces. No element of a list that is NULL or of a row that does not count is among them. */
export function* elementPieces(ctx: EvalContext, call: ListCall): Generator<ElementPiece> {
  const { kernels, arena } = ctx;
  const { list, lengths, elements, body } = call;
  const cursor = arena.allocZeroed(8);
  for (let done = 0; done < elements; ) {
    const limit = Math.min(PIECE, elements - done);
    const rows = arena.alloc(limit * 4);
    const numbers = arena.alloc(limit * 4);
    const count = kernels.unnest_rows(lengths, 0, call.rows.selected, false, cursor, limit, rows, numbers);
    const indexes = arena.alloc(count * 4);
    kernels.list_elements(list.data, maskOf(list), list.validity, rows, numbers, count, indexes);
    const columns = [gather(ctx, list.children[0]!, indexes, count)];
    if (body.params > 1) columns.push(ordinals(ctx, numbers, count));
    for (const value of call.captured) columns.push(gather(ctx, value, rows, count));
    yield { count, rows, indexes, columns };
    done += count;
  }
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
