import type { Rows } from '../batch/batch.ts';
import { buildVector } from '../batch/builder.ts';
import { valueReader } from '../batch/read.ts';
import type { Vector } from '../batch/vector.ts';
import { RayexecError } from '../common/errors.ts';
import { bitmapBytes } from '../kernels/vectors.ts';
import type { DataType } from '../types/data-type.ts';
import { formatRaw } from '../types/format-raw.ts';
import type { RawValue } from '../types/raw-value.ts';
import { typeName } from '../types/type-name.ts';
import type { Runnable } from './eval-call.ts';
import type { EvalContext } from './function.ts';

/** One run of a cast: `rows` are valid; with `nulls` (a bitmap), values that do not fit become NULL instead of failing. */
export type CastCall = {
  readonly input: Vector;
  readonly rows: Rows;
  readonly validity: number;
  readonly nulls: number;
  readonly from: DataType;
  readonly to: DataType;
};

/** How values of one type become those of another. */
export type Cast = {
  readonly canFail: boolean;
  /** The result's validity is `nulls` where given, else `validity`. */
  readonly run: (ctx: EvalContext, call: CastCall) => Vector;
};

/** A cast as the evaluator runs it: TRY_CAST gives NULL where CAST fails. */
export function runnableCast(cast: Cast, from: DataType, to: DataType, isTry: boolean): Runnable {
  return {
    nulls: 'propagate',
    canFail: cast.canFail,
    run: (ctx, { args, rows, validity }) => {
      const nulls = isTry && cast.canFail ? writableValidity(ctx, validity, rows.count) : 0;
      return cast.run(ctx, { input: args[0]!, rows, validity, nulls, from, to });
    },
  };
}

function writableValidity({ memory, arena }: EvalContext, validity: number, count: number): number {
  const bytes = bitmapBytes(count);
  const out = arena.alloc(bytes);
  if (validity === 0) memory.u8.fill(255, out, out + bytes);
  else memory.u8.copyWithin(out, validity, validity + ((count + 7) >> 3));
  return out;
}

/** @throws RayexecError `conversion` that names the value at a position */
export function failCast({ memory }: EvalContext, { input, from, to }: CastCall, position: number): never {
  const value = valueReader(memory, input)(position);
  const hint = [HINTS[to.kind], rangeOf(to), 'TRY_CAST gives NULL instead'].filter(h => h !== undefined).join('; ');
  const summary =
    from.kind === 'utf8'
      ? `'${String(value)}' can't be read as ${typeName(to)}`
      : `${formatRaw(from, value)} does not fit ${typeName(to)}`;
  throw new RayexecError('conversion', summary, { hint });
}

/** What an integer type holds. */
function rangeOf(type: DataType): string | undefined {
  if (type.kind !== 'int') return undefined;
  const low = type.signed ? -(2n ** BigInt(type.bits - 1)) : 0n;
  const high = 2n ** BigInt(type.signed ? type.bits - 1 : type.bits) - 1n;
  return `${typeName(type)} holds ${low} to ${high}`;
}

const HINTS: Readonly<Partial<Record<DataType['kind'], string>>> = {
  date: 'dates are written YYYY-MM-DD',
  time: 'times are written HH:MM:SS[.ffffff]',
  timetz: 'times with a zone are written HH:MM:SS[.ffffff]+HH[:MM]',
  bit: "bit strings are written with '0' and '1'",
  timestamp: 'timestamps are written YYYY-MM-DD HH:MM:SS[.ffffff]',
  boolean: 'booleans are written true or false',
};

/** Converts value by value; `undefined` means that the value does not fit. */
export function byValue(
  canFail: boolean,
  convert: (value: RawValue, from: DataType, to: DataType, isTry: boolean) => RawValue | undefined,
): Cast {
  return {
    canFail,
    run: (ctx, call) => {
      const { input, rows, from, to } = call;
      const { memory } = ctx;
      const read = valueReader(memory, input);
      const values: RawValue[] = Array.from({ length: rows.count }, () => null);
      for (let j = 0; j < rows.selected; j++) {
        const i = rows.selection === 0 ? j : memory.u16[(rows.selection >>> 1) + j]!;
        const value = read(i);
        if (value === null) continue;
        const converted = convert(value, from, to, call.nulls !== 0);
        if (converted === undefined && call.nulls === 0) failCast(ctx, call, i);
        values[i] = converted ?? null;
      }
      return buildVector(ctx, to, values);
    },
  };
}
