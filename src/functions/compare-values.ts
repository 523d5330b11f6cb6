import type { Rows } from '../batch/batch.ts';
import { compareRaw } from '../batch/compare-raw.ts';
import { valueReader } from '../batch/read.ts';
import { Vector } from '../batch/vector.ts';
import { assertNever, RayexecError } from '../common/errors.ts';
import type { Kernels } from '../kernels/kernels.ts';
import { BOOLEAN } from '../types/data-type.ts';
import type { PhysicalType } from '../types/physical.ts';
import { typeName } from '../types/type-name.ts';
import { selectTrue } from './eval-node.ts';
import type { EvalContext, ScalarCall } from './function.ts';
import { maskOf } from './operand.ts';

/** The comparison operators as the kernels number them. */
export const COMPARISONS = { '=': 0, '<>': 1, '<': 2, '<=': 3, '>': 4, '>=': 5 } as const;
export type Comparison = keyof typeof COMPARISONS;

/** The rows of `call.rows` where the comparison of the two arguments is true. */
export function selectComparison(ctx: EvalContext, op: Comparison, call: ScalarCall): Rows {
  const { kernels, arena } = ctx;
  const [a, b] = call.args as readonly [Vector, Vector];
  const { count, selection, selected } = call.rows;
  const out = arena.alloc((selected + 1) * 2);
  const code = COMPARISONS[op];
  if (isNested(a)) return selectTrue(ctx, compareNested(ctx, op, call), call.rows);
  const wide = WIDE_KINDS[a.physical];
  const args = [code, a.data, maskOf(a), b.data, maskOf(b), call.validity, selection, selected, out] as const;
  const found = wide === undefined ? selectKernel(kernels, a)(...args) : kernels.select_16(wide, ...args);
  return { count, selection: out, selected: found };
}

/** The comparison of the two arguments as booleans. */
export function compareVectors(ctx: EvalContext, op: Comparison, call: ScalarCall): Vector {
  const { kernels, arena } = ctx;
  const [a, b] = call.args as readonly [Vector, Vector];
  if (isNested(a)) return compareNested(ctx, op, call);
  const { count, selection, selected } = call.rows;
  const out = arena.alloc(count);
  const operands = [COMPARISONS[op], a.data, maskOf(a), b.data, maskOf(b)] as const;
  const wide = WIDE_KINDS[a.physical];
  if (a.physical === 'ref') kernels.compare_ref(...operands, call.validity, selection, selected, out);
  else if (wide !== undefined) kernels.compare_16(wide, ...operands, count, out);
  else compareKernel(kernels, a)(...operands, count, out);
  return Vector.flat(BOOLEAN, count, out, call.validity);
}

const isNested = ({ physical }: Vector): boolean => physical === 'list' || physical === 'struct';

/** Lists and structs, compared value by value. */
function compareNested(ctx: EvalContext, op: Comparison, { args, rows, validity }: ScalarCall): Vector {
  const [a, b] = args as readonly [Vector, Vector];
  const { memory } = ctx;
  const [readA, readB] = [valueReader(memory, a), valueReader(memory, b)];
  const out = ctx.arena.allocZeroed(rows.count);
  for (let j = 0; j < rows.selected; j++) {
    const i = rows.selection === 0 ? j : memory.u16[(rows.selection >>> 1) + j]!;
    const [x, y] = [readA(i), readB(i)];
    if (x !== null && y !== null && holds(op, compareRaw(a.type, x, y))) memory.u8[out + i] = 1;
  }
  return Vector.flat(BOOLEAN, rows.count, out, validity);
}

function holds(op: Comparison, order: number): boolean {
  switch (op) {
    case '=':
      return order === 0;
    case '<>':
      return order !== 0;
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
    default:
      return assertNever(op);
  }
}

const WIDE_KINDS: Readonly<Partial<Record<PhysicalType, number>>> = { i128: 0, u128: 1, interval: 2 };

function selectKernel(kernels: Kernels, { physical, type }: Vector): Kernels['select_i32'] {
  switch (physical) {
    case 'bool':
      return kernels.select_u8;
    case 'i8':
    case 'i16':
    case 'i32':
    case 'i64':
    case 'u8':
    case 'u16':
    case 'u32':
    case 'u64':
    case 'f32':
    case 'f64':
    case 'ref':
      return kernels[`select_${physical}`];
    default:
      throw new RayexecError('unsupported', `values of type ${typeName(type)} can't be compared yet`);
  }
}

function compareKernel(kernels: Kernels, { physical, type }: Vector): Kernels['compare_i32'] {
  switch (physical) {
    case 'bool':
      return kernels.compare_u8;
    case 'i8':
    case 'i16':
    case 'i32':
    case 'i64':
    case 'u8':
    case 'u16':
    case 'u32':
    case 'u64':
    case 'f32':
    case 'f64':
      return kernels[`compare_${physical}`];
    default:
      throw new RayexecError('unsupported', `values of type ${typeName(type)} can't be compared yet`);
  }
}
