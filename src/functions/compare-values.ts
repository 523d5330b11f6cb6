import type { Rows } from '../batch/batch.ts';
import { compareRaw } from '../batch/compare-raw.ts';
import { valueReader } from '../batch/read.ts';
import { Vector } from '../batch/vector.ts';
import { invariant } from '../common/errors.ts';
import { COMPARISONS, compareKernel, selectKernel } from '../kernels/comparisons.ts';
import { type ComparisonName, holdsFor } from '../plan/comparison.ts';
import { BOOLEAN } from '../types/data-type.ts';
import type { PhysicalType } from '../types/physical.ts';
import { selectTrue } from './eval-node.ts';
import type { EvalContext, ScalarCall } from './function.ts';
import { maskOf } from './operand.ts';

/** The rows of `call.rows` where the comparison of the two arguments is true. */
export function selectComparison(ctx: EvalContext, op: ComparisonName, call: ScalarCall): Rows {
  const { kernels, arena } = ctx;
  const [a, b] = call.args as readonly [Vector, Vector];
  const { count, selection, selected } = call.rows;
  const out = arena.alloc((selected + 1) * 2);
  const code = COMPARISONS[op];
  if (isNested(a)) return selectTrue(ctx, compareNested(ctx, op, call), call.rows);
  const args = [code, a.data, maskOf(a), b.data, maskOf(b), call.validity, selection, selected, out] as const;
  const select = selectKernel(kernels, a.physical);
  if (select !== undefined) return { count, selection: out, selected: select(...args) };
  return { count, selection: out, selected: kernels.select_16(wideKind(a), ...args) };
}

/** The comparison of the two arguments as booleans. */
export function compareVectors(ctx: EvalContext, op: ComparisonName, call: ScalarCall): Vector {
  const { kernels, arena } = ctx;
  const [a, b] = call.args as readonly [Vector, Vector];
  if (isNested(a)) return compareNested(ctx, op, call);
  const { count, selection, selected } = call.rows;
  const out = arena.alloc(count);
  const operands = [COMPARISONS[op], a.data, maskOf(a), b.data, maskOf(b)] as const;
  const compare = compareKernel(kernels, a.physical);
  if (compare !== undefined) compare(...operands, count, out);
  else if (a.physical === 'ref') kernels.compare_ref(...operands, call.validity, selection, selected, out);
  else kernels.compare_16(wideKind(a), ...operands, count, out);
  return Vector.flat(BOOLEAN, count, out, call.validity);
}

const isNested = ({ physical }: Vector): boolean => physical === 'list' || physical === 'struct';

/** Lists and structs, compared value by value. */
function compareNested(ctx: EvalContext, op: ComparisonName, { args, rows, validity }: ScalarCall): Vector {
  const [a, b] = args as readonly [Vector, Vector];
  const { memory } = ctx;
  const [readA, readB] = [valueReader(memory, a), valueReader(memory, b)];
  const out = ctx.arena.allocZeroed(rows.count);
  for (let j = 0; j < rows.selected; j++) {
    const i = rows.selection === 0 ? j : memory.u16[(rows.selection >>> 1) + j]!;
    const [x, y] = [readA(i), readB(i)];
    if (x !== null && y !== null && holdsFor(op, compareRaw(a.type, x, y))) memory.u8[out + i] = 1;
  }
  return Vector.flat(BOOLEAN, rows.count, out, validity);
}

const WIDE_KINDS: Readonly<Partial<Record<PhysicalType, number>>> = { i128: 0, u128: 1, interval: 2 };

function wideKind({ physical }: Vector): number {
  const kind = WIDE_KINDS[physical];
  invariant(kind !== undefined, `values stored as ${physical} are not compared by kernels`);
  return kind;
}
