import { buildVector } from '../../batch/builder.ts';
import { valueReader } from '../../batch/read.ts';
import { NO_ROW } from '../../kernels/vectors.ts';
import { plainType } from '../../types/coercion.ts';
import { type DataType, FLOAT64, INTERVAL, TIMESTAMP } from '../../types/data-type.ts';
import type { RawValue } from '../../types/raw-value.ts';
import type { AggregateFunction, EvalContext, Fit, RankedCall } from '../function.ts';
import { COLLECTOR_BYTES, collected, collectRows, listRanges, mergeCollected, partialCollected } from './collected.ts';
import { aggregateDoc } from './documented.ts';
import { interpolate, placeOf } from './quantile.ts';

/** The type to take values as, and the result's. */
function fitValues([x, ...rest]: readonly DataType[]): Fit | undefined {
  if (x === undefined || rest.length > 0) return undefined;
  switch (x.kind) {
    case 'int':
    case 'null':
      return { args: [FLOAT64], returns: FLOAT64, cost: 0 };
    case 'float':
    case 'decimal':
      return { args: [plainType(x)], returns: plainType(x), cost: 0 };
    case 'date':
      return { args: [TIMESTAMP], returns: INTERVAL, cost: 0 };
    case 'timestamp':
      return { args: [x.unit === 'us' ? x : { ...x, unit: 'us' }], returns: INTERVAL, cost: 0 };
    case 'time':
      return { args: [x], returns: INTERVAL, cost: 0 };
    default:
      return undefined;
  }
}

type Numeric = number | bigint;

const minus = (a: Numeric, b: Numeric): Numeric =>
  typeof a === 'bigint' ? a - (b as bigint) : (a as number) - (b as number);

/** NaN is the greatest value, and the greatest distance. */
const isLess = (a: Numeric, b: Numeric): boolean => a < b || (!Number.isNaN(a) && Number.isNaN(b));
const compare = (a: Numeric, b: Numeric): number => (isLess(a, b) ? -1 : isLess(b, a) ? 1 : 0);

/** The middle of one or two neighbours, as `median` computes it. */
const middle = (low: Numeric, high: Numeric, type: DataType): Numeric => interpolate(low, high, 0.5, type) as Numeric;

/** A distance between values of a type as a result: times are so many microseconds apart. */
function resultOf(distance: Numeric, returns: DataType): RawValue {
  if (returns.kind !== 'interval') return distance;
  const day = 86_400_000_000n;
  const micros = distance as bigint;
  return { months: 0, days: Number(micros / day), micros: micros % day };
}

/** Of values in order. */
function deviation(sorted: readonly Numeric[], type: DataType): Numeric {
  const { low, high, share } = placeOf('cont', 0.5, sorted.length);
  const median = share === 0 ? sorted[low]! : middle(sorted[low]!, sorted[high]!, type);
  const distances = sorted.map(v => (v > median ? minus(v, median) : minus(median, v)));
  distances.sort(compare);
  return share === 0 ? distances[low]! : middle(distances[low]!, distances[high]!, type);
}

/**
 * Of sets of values in order, some of which may be large: distances from the median grow to both sides of it, so the
 * middle one is found by halving how many of the smaller ones lie below the median.
 */
function rankedDeviations(ctx: EvalContext, { count, sizes, values, argTypes, type }: RankedCall): RawValue[] {
  const { arena, memory } = ctx;
  const argType = argTypes[0]!;
  const n = memory.u32.slice(sizes >>> 2, (sizes >>> 2) + count);
  const at = (rankOf: (k: number) => number): ((k: number) => Numeric | null) => {
    const ranks = arena.alloc(count * 4);
    for (let k = 0; k < count; k++) {
      const rank = rankOf(k);
      memory.u32[(ranks >>> 2) + k] = rank >= 0 && rank < n[k]! ? rank : NO_ROW;
    }
    return valueReader(memory, values(ranks)) as (k: number) => Numeric | null;
  };
  const medians = ((): readonly (Numeric | null)[] => {
    const low = Array.from(n, (_, k) => k).map(at(k => (n[k]! - 1) >> 1));
    const high = at(k => n[k]! >> 1);
    return low.map((v, k) => (v === null ? null : (n[k]! & 1) === 1 ? v : middle(v, high(k)!, argType)));
  })();
  /** Distances of the value number i below the median, counted from it, and of those above. */
  const below = (index: (k: number) => number): ((k: number) => Numeric | null) => {
    const read = at(k => (n[k]! >> 1) - 1 - index(k));
    return k => absent(read(k), v => minus(medians[k]!, v));
  };
  const above = (index: (k: number) => number): ((k: number) => Numeric | null) => {
    const read = at(k => (n[k]! >> 1) + index(k));
    return k => absent(read(k), v => minus(v, medians[k]!));
  };
  /** How many of the distances up to the lower middle one are below the median: between these. */
  const rank = (k: number): number => (n[k]! - 1) >> 1;
  const low = Array.from(n, (size, k) => Math.max(0, rank(k) + 1 - (size - (size >> 1))));
  const high = Array.from(n, (size, k) => Math.min(size >> 1, rank(k) + 1));
  while (low.some((l, k) => l < high[k]!)) {
    const half = low.map((l, k) => (l + high[k]!) >> 1);
    const [nextBelow, lastAbove] = [below(k => half[k]!), above(k => rank(k) - half[k]!)];
    for (let k = 0; k < count; k++) {
      if (low[k]! >= high[k]!) continue;
      if (isLess(nextBelow(k)!, lastAbove(k)!)) low[k] = half[k]! + 1;
      else high[k] = half[k]!;
    }
  }
  const [lastBelow, lastAbove] = [below(k => low[k]! - 1), above(k => rank(k) - low[k]!)];
  const [nextBelow, nextAbove] = [below(k => low[k]!), above(k => rank(k) + 1 - low[k]!)];
  return low.map((taken, k): RawValue => {
    const size = n[k]!;
    if (size === 0) return null;
    const first = greater(taken > 0 ? lastBelow(k) : null, taken <= rank(k) ? lastAbove(k) : null)!;
    if ((size & 1) === 1) return resultOf(first, type);
    const second = less(nextBelow(k), nextAbove(k))!;
    return resultOf(middle(first, second, argType), type);
  });
}

const absent = (v: Numeric | null, f: (v: Numeric) => Numeric): Numeric | null => (v === null ? null : f(v));
const greater = (a: Numeric | null, b: Numeric | null): Numeric | null =>
  a === null ? b : b === null ? a : isLess(b, a) ? a : b;
const less = (a: Numeric | null, b: Numeric | null): Numeric | null =>
  a === null ? b : b === null ? a : isLess(a, b) ? a : b;

/** `mad(x)`: the median of the distances from the median. */
export const mad: AggregateFunction = {
  name: 'mad',
  doc: aggregateDoc(
    'Median absolute deviation: the median of the values’ distances from their median.',
    ['arg'],
    ['(SELECT mad(x) FROM (VALUES (1), (2), (4), (10)) t(x))', '1.5'],
  ),
  overloads: [
    {
      key: 'any',
      signature: '(ANY) -> ANY',
      fit: fitValues,
      nullable: true,
      skipsNulls: true,
      stateBytes: () => COLLECTOR_BYTES,
      update: (ctx, call) => collectRows(ctx, call, call.args[0]!),
      mergeConsumes: true,
      overFrames: { kind: 'ranked', run: (ctx, call) => buildVector(ctx, call.type, rankedDeviations(ctx, call)) },
      merge: mergeCollected,
      partial: partialCollected,
      result: (ctx, call) => {
        const type = call.argTypes[0]!;
        const { values, lists } = collected(ctx, call, type);
        const read = valueReader(ctx.memory, values) as (i: number) => Numeric;
        const results = listRanges(ctx, lists, call.count).map(([from, length]) => {
          if (length === 0) return null;
          const sorted = Array.from({ length }, (_, i) => read(from + i));
          sorted.sort(compare);
          return resultOf(deviation(sorted, type), call.type);
        });
        return buildVector(ctx, call.type, results);
      },
    },
  ],
};
