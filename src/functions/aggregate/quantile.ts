import { allRows, type Rows } from '../../batch/batch.ts';
import { buildVector } from '../../batch/builder.ts';
import { valueReader } from '../../batch/read.ts';
import type { Vector } from '../../batch/vector.ts';
import { RayexecError } from '../../common/errors.ts';
import { valueKind } from '../../kernels/value-kind.ts';
import { NO_ROW } from '../../kernels/vectors.ts';
import { implicitCastCost, plainType } from '../../types/coercion.ts';
import { type DataType, FLOAT64, list, TIMESTAMP, type TypeKind } from '../../types/data-type.ts';
import { physicalType, widthOf } from '../../types/physical.ts';
import type { RawValue } from '../../types/raw-value.ts';
import { timeOfUtc, utcMicros } from '../../types/zoned-time.ts';
import type {
  AggregateContext,
  AggregateFunction,
  AggregateOverload,
  EvalContext,
  Fit,
  RankedCall,
  ResultCall,
} from '../function.ts';
import {
  COLLECTOR_BYTES,
  collected,
  collectRows,
  listRanges,
  mergeCollected,
  parameterInHeap,
  partialCollected,
  readParameter,
} from './collected.ts';
import { aggregateDoc } from './documented.ts';
import { isNested } from './nested-value.ts';

/** Interpolated, an existing value, or interpolated and rounded to the values' type. */
type Mode = 'cont' | 'disc' | 'approx';

const INTERPOLATED: readonly TypeKind[] = ['int', 'float', 'decimal', 'date', 'time', 'timetz', 'timestamp'];

/** The types to take values as and to give back; undefined where values can't be interpolated. */
function quantileTypes(mode: Mode, x: DataType): readonly [arg: DataType, returns: DataType] | undefined {
  if (isNested(x)) return undefined;
  const type = plainType(x);
  if (mode === 'disc') return [type, type];
  if (mode === 'approx') return INTERPOLATED.includes(x.kind) ? [type, type] : undefined;
  switch (x.kind) {
    case 'int':
    case 'null':
      return [x.kind === 'null' ? FLOAT64 : type, FLOAT64];
    case 'float':
    case 'decimal':
    case 'time':
    case 'timetz':
    case 'timestamp':
      return [type, type];
    case 'date':
      return [TIMESTAMP, TIMESTAMP];
    default:
      return undefined;
  }
}

/** (values) for the median, (values, fraction), or (values, list of fractions). */
function fitQuantile(mode: Mode, args: readonly DataType[], count: number, isList: boolean): Fit | undefined {
  const [x, fraction] = args;
  if (x === undefined || args.length !== count) return undefined;
  const types = quantileTypes(mode, x);
  if (types === undefined) return undefined;
  if (fraction === undefined) return { args: [types[0]], returns: types[1], cost: 0 };
  const wanted = isList ? list(FLOAT64) : FLOAT64;
  const cost = implicitCastCost(fraction, wanted);
  if (cost === undefined) return undefined;
  return { args: [types[0], wanted], returns: isList ? list(types[1]) : types[1], cost };
}

/**
 * The fractions that all rows ask for.
 * @throws RayexecError `invalid-argument` when they differ, and for those outside of -1 … 1
 */
function fractionsOf({ memory }: EvalContext, fraction: Vector | undefined, rows: Rows): number[] {
  if (fraction === undefined) return [0.5];
  const read = valueReader(memory, fraction);
  const row = (j: number): number => (rows.selection === 0 ? j : memory.u16[(rows.selection >>> 1) + j]!);
  const value = read(row(0));
  if (fraction.form !== 'constant') {
    const text = JSON.stringify(value);
    for (let j = 1; j < rows.selected; j++) {
      if (JSON.stringify(read(row(j))) === text) continue;
      throw new RayexecError('invalid-argument', 'the fraction of a quantile must be a constant');
    }
  }
  const fractions = Array.isArray(value) ? (value as number[]) : [value as number];
  for (const f of fractions) {
    if (f === null || !(f >= -1 && f <= 1)) {
      throw new RayexecError(
        'invalid-argument',
        `the fraction of a quantile lies between -1 and 1, it can't be ${f ?? 'NULL'}`,
      );
    }
  }
  return fractions;
}

function quantiles(mode: Mode, ctx: AggregateContext, call: ResultCall): Vector {
  const type = call.argTypes[0]!;
  const { values, lists, parameter } = collected(ctx, call, type);
  const fractions = parameter === 0 ? [] : [...new Float64Array(readParameter(ctx, parameter).buffer)];
  const read = valueReader(ctx.memory, values);
  const kind = valueKind(physicalType(type));
  const width = widthOf(physicalType(type));
  const pick = (from: number, length: number, index: number): RawValue => {
    ctx.kernels.select_nth(kind, values.data + from * width, length, index);
    return read(from + index);
  };
  const returns = elementType(call);
  const results = listRanges(ctx, lists, call.count).map(([from, length]): RawValue => {
    if (length === 0) return null;
    const found = fractions.map(f => {
      const { low, high, share } = placeOf(mode, f, length);
      const value = pick(from, length, low);
      if (high === low) return valueAt(mode, value, returns);
      // What comes next is the least of those behind, or the greatest of those before.
      const next = high > low ? pick(from + high, length - high, 0) : pick(from, low, high);
      return interpolate(value, next, share, returns);
    });
    return returns === call.type ? found[0]! : found;
  });
  return buildVector(ctx, call.type, results);
}

/** Quantiles of sets of values in order. */
function rankedQuantiles(mode: Mode, ctx: EvalContext, call: RankedCall): Vector {
  const { count, sizes } = call;
  const { arena, memory } = ctx;
  const returns = elementType(call);
  const fractions = fractionsOf(ctx, call.argTypes.length > 1 ? call.arg(1) : undefined, allRows(count));
  const found = fractions.map(fraction => {
    const [lows, highs] = [arena.alloc(count * 4), arena.alloc(count * 4)];
    const shares = new Float64Array(count);
    for (let k = 0; k < count; k++) {
      const n = memory.u32[(sizes >>> 2) + k]!;
      const place = n === 0 ? undefined : placeOf(mode, fraction, n);
      memory.u32[(lows >>> 2) + k] = place?.low ?? NO_ROW;
      memory.u32[(highs >>> 2) + k] = place === undefined || place.high === place.low ? NO_ROW : place.high;
      shares[k] = place?.share ?? 0;
    }
    const vectors = [call.values(lows), call.values(highs)] as const;
    const [low, high] = [valueReader(memory, vectors[0]), valueReader(memory, vectors[1])];
    return Array.from(shares, (share, k): RawValue => {
      const [a, b] = [low(k), high(k)];
      return a === null ? null : b === null ? valueAt(mode, a, returns) : interpolate(a, b, share, returns);
    });
  });
  if (returns === call.type) return buildVector(ctx, call.type, found[0]!);
  const isEmpty = (k: number): boolean => memory.u32[(sizes >>> 2) + k] === 0;
  const lists = Array.from({ length: count }, (_, k) => (isEmpty(k) ? null : found.map(values => values[k]!)));
  return buildVector(ctx, call.type, lists);
}

/** The type of one quantile: the call's own, or its elements' when it asks for several. */
function elementType({ type, argTypes }: Pick<ResultCall, 'type' | 'argTypes'>): DataType {
  return type.kind === 'list' && argTypes[1]?.kind === 'list' ? type.element : type;
}

/** A place in an order: between two ranks (from 0), by a share of the way. Negative fractions count from the greatest. */
type Place = { readonly low: number; readonly high: number; readonly share: number };

/** Where n values have a quantile. */
export function placeOf(mode: Mode, fraction: number, n: number): Place {
  const isFromEnd = fraction < 0 || Object.is(fraction, -0);
  const order = (rank: number): number => (isFromEnd ? n - 1 - rank : rank);
  if (mode === 'disc') {
    const rank = order(Math.max(1, n - Math.floor(n - Math.abs(fraction) * n)) - 1);
    return { low: rank, high: rank, share: 0 };
  }
  const at = (n - 1) * Math.abs(fraction);
  return { low: order(Math.floor(at)), high: order(Math.ceil(at)), share: at - Math.floor(at) };
}

/** A quantile that is one of the values. */
const valueAt = (mode: Mode, value: RawValue, returns: DataType): RawValue =>
  mode === 'disc' ? value : interpolate(value, value, 0, returns);

/** Between two values, by a share of the way: as the type that is returned. */
export function interpolate(low: RawValue, high: RawValue, share: number, returns: DataType): RawValue {
  if (returns.kind === 'timetz') return zonedTimeBetween(low as bigint, high as bigint, share);
  if (returns.kind === 'float') {
    const [a, b] = [Number(low), Number(high)];
    return a === b ? a : a + (b - a) * share;
  }
  if (typeof low === 'number') return Math.round(low + ((high as number) - low) * share);
  const [a, b] = [low as bigint, high as bigint];
  return a + BigInt(rounded(a, Number(b - a) * share, returns));
}

/** By their instants in a day of UTC, of which it is then a time. */
function zonedTimeBetween(low: bigint, high: bigint, share: number): bigint {
  if (low === high) return low;
  const [a, b] = [utcMicros(low), utcMicros(high)];
  return timeOfUtc(a + BigInt(Math.round(Number(b - a) * share)));
}

/** What is added to `low`: as in DuckDB, decimals end towards zero (wide ones: towards `low`), times at the nearest. */
function rounded(low: bigint, share: number, returns: DataType): number {
  if (returns.kind !== 'decimal') return Math.round(share);
  if (returns.precision > 18) return Math.trunc(share);
  return Number(low) + share < 0 ? Math.ceil(share) : Math.floor(share);
}

function overloads(mode: Mode, countWithFraction: boolean): readonly AggregateOverload[] {
  const overload = (key: string, signature: string, count: number, isList: boolean): AggregateOverload => ({
    key,
    signature,
    fit: args => fitQuantile(mode, args, count, isList),
    nullable: true,
    skipsNulls: true,
    stateBytes: () => COLLECTOR_BYTES,
    update: (ctx, call) => {
      if (call.rows.selected === 0) return;
      const fractions = new Uint8Array(Float64Array.from(fractionsOf(ctx, call.args[1], call.rows)).buffer);
      collectRows(ctx, call, call.args[0]!, parameterInHeap(ctx, fractions));
    },
    mergeConsumes: true,
    overFrames: { kind: 'ranked', run: (ctx, call) => rankedQuantiles(mode, ctx, call) },
    merge: mergeCollected,
    partial: partialCollected,
    result: (ctx, call) => quantiles(mode, ctx, call),
  });
  if (!countWithFraction) return [overload(`median-${mode}`, '(ANY) -> ANY', 1, false)];
  return [
    overload('fraction', '(ANY, DOUBLE) -> ANY', 2, false),
    overload('fractions', '(ANY, DOUBLE[]) -> ANY[]', 2, true),
  ];
}

const NUMBERS = '(VALUES (1), (2), (4), (10)) t(x)';

/** Values at fractions of the order. */
export const quantileAggregates: readonly AggregateFunction[] = [
  {
    name: 'median',
    doc: aggregateDoc(
      'The middle value, or the middle of the two middle ones.',
      ['arg'],
      [`(SELECT median(x) FROM ${NUMBERS})`, '3.0'],
    ),
    // What can be interpolated is; the middle of other values is the lower one.
    overloads: [...overloads('cont', false), ...overloads('disc', false)],
  },
  {
    name: 'quantile_cont',
    aliases: ['percentile_cont'],
    doc: aggregateDoc(
      'The value at a fraction of the order, interpolated; negative fractions count from the greatest.',
      ['arg', 'fraction'],
      [`(SELECT quantile_cont(x, 0.25) FROM ${NUMBERS})`, '1.75'],
    ),
    overloads: overloads('cont', true),
  },
  {
    name: 'approx_quantile',
    aliases: ['approx_percentile_cont'],
    doc: aggregateDoc(
      'Like quantile_cont, in the type of the values; exact here.',
      ['arg', 'fraction'],
      [`(SELECT approx_quantile(x, 0.5) FROM ${NUMBERS})`, '3'],
    ),
    overloads: overloads('approx', true),
  },
  {
    name: 'quantile_disc',
    aliases: ['quantile', 'percentile_disc', 'reservoir_quantile'],
    doc: aggregateDoc(
      'The value at a fraction of the order; negative fractions count from the greatest.',
      ['arg', 'fraction'],
      [`(SELECT quantile_disc(x, 0.5) FROM ${NUMBERS})`, '2'],
    ),
    overloads: overloads('disc', true),
  },
];
