import { buildConstant } from '../batch/builder.ts';
import { Vector } from '../batch/vector.ts';
import { invariant } from '../common/errors.ts';
import { valueKind } from '../kernels/value-kind.ts';
import { BOOLEAN, type DataType, decimal, FLOAT64, INT64, INT128 } from '../types/data-type.ts';
import { MAX_PRECISION, physicalType, widthOf } from '../types/physical.ts';
import { type Cast, type CastCall, failCast } from './cast-call.ts';
import { compareVectors } from './compare-values.ts';
import type { EvalContext } from './function.ts';
import { maskOf } from './operand.ts';

/** Casts among booleans, integers and floats. */
export function castNumber(from: DataType, to: DataType): Cast {
  if (to.kind === 'boolean') return { canFail: false, run: isNotZero };
  return { canFail: !alwaysFits(from, to), run: (ctx, call) => convert(ctx, call, call.input, to) };
}

function alwaysFits(from: DataType, to: DataType): boolean {
  if (from.kind === 'boolean') return true;
  if (to.kind === 'float') return from.kind !== 'float' || from.bits <= to.bits;
  return (
    from.kind === 'int' &&
    to.kind === 'int' &&
    (from.signed === to.signed ? to.bits >= from.bits : !from.signed && to.bits > from.bits)
  );
}

function isNotZero(ctx: EvalContext, { input, rows, validity }: CastCall): Vector {
  const wide = input.physical === 'i64' || input.physical === 'u64' || widthOf(input.physical) === 16;
  const zero = buildConstant(ctx, input.type, wide ? 0n : 0, rows.count);
  return compareVectors(ctx, '<>', { args: [input, zero], rows, validity, type: BOOLEAN });
}

/** One step of a cast; `input` is the cast's input or an earlier step's result. Failures name the cast's input. */
function convert(ctx: EvalContext, call: CastCall, input: Vector, to: DataType): Vector {
  const { rows, validity, nulls } = call;
  const from = valueKind(input.physical);
  const code = valueKind(physicalType(to));
  const out = ctx.arena.alloc(rows.count * widthOf(physicalType(to)));
  const kernel = from >= 10 || code >= 10 ? ctx.kernels.cast_wide : ctx.kernels.cast_number;
  const status = kernel(from, code, input.data, maskOf(input), rows.selection, rows.selected, out, nulls);
  if (status < 0) failCast(ctx, call, -1 - status);
  return Vector.flat(to, rows.count, out, nulls === 0 ? validity : nulls);
}

/** Casts from and to decimals. */
export const castDecimal: Cast = {
  canFail: true,
  run: (ctx, call) => {
    const { input, from, to } = call;
    if (from.kind === 'decimal') {
      if (to.kind === 'boolean') return isNotZero(ctx, call);
      if (to.kind === 'float') return convertIfNeeded(ctx, call, decimalToDouble(ctx, call), to);
      if (to.kind === 'decimal') return rescale(ctx, call, input, from.scale, to);
      const whole = rescale(ctx, call, input, from.scale, decimal(from.precision <= 18 ? 18 : MAX_PRECISION, 0));
      return convertIfNeeded(ctx, call, whole.as(whole.physical === 'i64' ? INT64 : INT128), to);
    }
    invariant(to.kind === 'decimal', 'a cast of decimals has a decimal on one side');
    if (from.kind === 'float') return doubleToDecimal(ctx, call, convertIfNeeded(ctx, call, input, FLOAT64), to);
    // Integers pass as i64, or as i128 where they need it.
    const wide = from.kind === 'int' && (from.bits === 128 || (from.bits === 64 && !from.signed));
    return rescale(ctx, call, convertIfNeeded(ctx, call, input, wide ? INT128 : INT64), 0, to);
  },
};

function convertIfNeeded(ctx: EvalContext, call: CastCall, input: Vector, to: DataType): Vector {
  return input.physical === physicalType(to) ? input.as(to) : convert(ctx, call, input, to);
}

type DecimalType = Extract<DataType, { kind: 'decimal' }>;

/** Unscaled integers (i64 or i128) of one scale as a decimal of another, rounded half away from zero. */
function rescale(ctx: EvalContext, call: CastCall, input: Vector, scale: number, to: DataType): Vector {
  const target = to as DecimalType;
  const out = rescaleDecimal(ctx, input, scale, target, 0, call.rows, call.nulls);
  if (out.status < 0) failCast(ctx, call, -1 - out.status);
  return Vector.flat(to, call.rows.count, out.address, call.nulls === 0 ? call.validity : call.nulls);
}

/** How a decimal loses digits: half away from zero, towards zero, down, up, half to even. */
export const ROUNDING = { half: 0, truncate: 1, floor: 2, ceil: 3, halfEven: 4 } as const;

/** Runs the rescaling kernel; a negative status tells the position that failed. */
export function rescaleDecimal(
  ctx: EvalContext,
  input: Vector,
  scale: number,
  to: DecimalType,
  rounding: number,
  rows: CastCall['rows'],
  nulls: number,
): { readonly status: number; readonly address: number } {
  const { arena, kernels } = ctx;
  const fromWide = input.physical === 'i128' ? 1 : 0;
  const toWide = physicalType(to) === 'i128' ? 1 : 0;
  const address = arena.alloc(rows.count * (toWide === 1 ? 16 : 8));
  const factor = powerOfTen(ctx, Math.abs(to.scale - scale));
  const limit = powerOfTen(ctx, to.precision);
  const status = kernels.decimal_rescale(
    fromWide,
    toWide,
    to.scale >= scale ? 1 : 0,
    rounding,
    input.data,
    maskOf(input),
    factor,
    limit,
    arena.alloc(48),
    rows.selection,
    rows.selected,
    address,
    nulls,
  );
  return { status, address };
}

/** 10^exponent as 128 bits in memory. */
function powerOfTen(ctx: EvalContext, exponent: number): number {
  return buildConstant(ctx, INT128, 10n ** BigInt(exponent), 1).data;
}

function decimalToDouble(ctx: EvalContext, { input, rows, validity, from }: CastCall): Vector {
  const { arena, kernels } = ctx;
  const out = arena.alloc(rows.count * 8);
  const factor = powerOfTen(ctx, (from as DecimalType).scale);
  const wide = input.physical === 'i128' ? 1 : 0;
  const { selection, selected } = rows;
  kernels.decimal_to_f64(wide, input.data, maskOf(input), factor, arena.alloc(32), selection, selected, out);
  return Vector.flat(FLOAT64, rows.count, out, validity);
}

function doubleToDecimal(ctx: EvalContext, call: CastCall, input: Vector, to: DecimalType): Vector {
  const { rows, validity, nulls } = call;
  const wide = physicalType(to) === 'i128' ? 1 : 0;
  const out = ctx.arena.alloc(rows.count * (wide === 1 ? 16 : 8));
  const status = ctx.kernels.decimal_from_f64(
    wide,
    input.data,
    maskOf(input),
    10 ** to.scale,
    10 ** to.precision,
    rows.selection,
    rows.selected,
    out,
    nulls,
  );
  if (status < 0) failCast(ctx, call, -1 - status);
  return Vector.flat(to, rows.count, out, nulls === 0 ? validity : nulls);
}
