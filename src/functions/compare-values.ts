import type { Rows } from '../batch/batch.ts';
import { describeType } from '../batch/describe-type.ts';
import { describeVector } from '../batch/describe-vector.ts';
import { Vector } from '../batch/vector.ts';
import { invariant } from '../common/errors.ts';
import { COMPARISONS, compareKernel, selectKernel } from '../kernels/comparisons.ts';
import type { ComparisonName } from '../plan/comparison.ts';
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

/** Lists and structs, where NULL is a value greater than all others. */
function compareNested(ctx: EvalContext, op: ComparisonName, { args, rows, validity }: ScalarCall): Vector {
  const { memory, arena, kernels } = ctx;
  const out = arena.allocZeroed(rows.count);
  const [a, b] = args.map(v => describeVector(memory, arena, v));
  const type = describeType(memory, arena, args[0]!.type);
  kernels.compare_nested(COMPARISONS[op], type, a!, b!, validity, rows.selection, rows.selected, out);
  return Vector.flat(BOOLEAN, rows.count, out, validity);
}

const WIDE_KINDS: Readonly<Partial<Record<PhysicalType, number>>> = { i128: 0, u128: 1, interval: 2 };

function wideKind({ physical }: Vector): number {
  const kind = WIDE_KINDS[physical];
  invariant(kind !== undefined, `values stored as ${physical} are not compared by kernels`);
  return kind;
}
