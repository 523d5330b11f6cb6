import type { Rows } from '../batch/batch.ts';
import { buildVector } from '../batch/builder.ts';
import { formatRaw } from '../batch/format-raw.ts';
import { parseRaw } from '../batch/parse-raw.ts';
import type { RawValue } from '../batch/raw-value.ts';
import { valueReader } from '../batch/read.ts';
import { Vector } from '../batch/vector.ts';
import { RayexecError } from '../common/errors.ts';
import { bitmapBytes } from '../kernels/vectors.ts';
import { type DataType, sameType, UTF8 } from '../types/data-type.ts';
import { physicalType } from '../types/physical.ts';
import { typeName } from '../types/type-name.ts';
import { castList, castStruct } from './cast-nested.ts';
import { castDecimal, castNumber } from './cast-number.ts';
import { castDate, castTimestamp } from './cast-time.ts';
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

/** The cast between two types, implicit or not; undefined where there is none. */
export function findCast(from: DataType, to: DataType): Cast | undefined {
  if (sameType(from, to) || isRelabel(from, to)) return relabel;
  if (from.kind === 'null') return fromNull;
  if (to.kind === 'utf8') return from.kind === 'enum' ? enumToText : toText;
  if (to.kind === 'json' || to.kind === 'null')
    return from.kind === 'utf8' ? fromText : to.kind === 'json' ? toText : undefined;
  switch (from.kind) {
    case 'utf8':
    case 'json':
    case 'enum':
      return physicalType(to) === 'list' || physicalType(to) === 'struct' ? undefined : fromText;
    case 'boolean':
    case 'int':
    case 'float':
      if (to.kind === 'decimal') return castDecimal;
      return to.kind === 'int' || to.kind === 'float' || to.kind === 'boolean' ? castNumber(from, to) : undefined;
    case 'decimal':
      return to.kind === 'decimal' || to.kind === 'int' || to.kind === 'float' || to.kind === 'boolean'
        ? castDecimal
        : undefined;
    case 'date':
      return to.kind === 'timestamp' ? castDate : undefined;
    case 'timestamp':
      return to.kind === 'timestamp' || to.kind === 'date' || to.kind === 'time' ? castTimestamp : undefined;
    case 'list':
    case 'array':
    case 'map':
      return castList(from, to, findCast);
    case 'struct':
      return castStruct(from, to, findCast);
    default:
      return undefined;
  }
}

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
  if (from.kind === 'utf8') {
    throw new RayexecError('conversion', `'${String(value)}' can't be read as ${typeName(to)}`, {
      hint: HINTS[to.kind],
    });
  }
  throw new RayexecError('conversion', `${formatRaw(from, value)} does not fit ${typeName(to)}`);
}

const HINTS: Readonly<Partial<Record<DataType['kind'], string>>> = {
  date: 'dates are written YYYY-MM-DD',
  time: 'times are written HH:MM:SS[.ffffff]',
  timestamp: 'timestamps are written YYYY-MM-DD HH:MM:SS[.ffffff]',
  boolean: 'booleans are written true or false',
};

/** Types whose values lie alike and mean the same. */
function isRelabel(from: DataType, to: DataType): boolean {
  if (from.kind === 'json' && to.kind === 'utf8') return true;
  if (from.kind === 'timestamp' && to.kind === 'timestamp') return from.unit === to.unit;
  if (from.kind !== 'decimal' || to.kind !== 'decimal') return false;
  return from.scale === to.scale && from.precision <= to.precision && physicalType(from) === physicalType(to);
}

const relabel: Cast = { canFail: false, run: (_ctx, { input, to }) => input.as(to) };

const fromNull: Cast = {
  canFail: false,
  run: (ctx, { rows, to }) =>
    buildVector(
      ctx,
      to,
      Array.from({ length: rows.count }, () => null),
    ),
};

/** Converts value by value; `undefined` means that the value does not fit. */
export function byValue(
  canFail: boolean,
  convert: (value: RawValue, from: DataType, to: DataType) => RawValue | undefined,
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
        const converted = convert(value, from, to);
        if (converted === undefined && call.nulls === 0) failCast(ctx, call, i);
        values[i] = converted ?? null;
      }
      return buildVector(ctx, to, values);
    },
  };
}

const toText: Cast = byValue(false, (value, from) => formatRaw(from, value));
const fromText: Cast = byValue(true, (value, _from, to) => parseRaw(to, value as string));

/** An enum's codes are the codes of a dictionary of its names. */
const enumToText: Cast = {
  canFail: false,
  run: (ctx, { input, from, to }) => {
    const names = buildVector(ctx, to.kind === 'utf8' ? UTF8 : to, from.kind === 'enum' ? from.values : []);
    if (input.form === 'constant') return Vector.coded(names, 1, input.data, input.validity);
    return Vector.coded(names, input.length, input.data, input.validity);
  },
};
