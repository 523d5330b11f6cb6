import { buildVector } from '../../batch/builder.ts';
import { valueReader } from '../../batch/read.ts';
import type { Vector } from '../../batch/vector.ts';
import { plainType } from '../../types/coercion.ts';
import { type DataType, FLOAT64, UINT64 } from '../../types/data-type.ts';
import type { RawInterval, RawValue } from '../../types/raw-value.ts';
import type { AggregateContext, AggregateFunction, AggregateOverload, OverFrames, ResultCall } from '../function.ts';
import { binned } from './bins.ts';
import { COLLECTOR_BYTES, collected, collectRows, listRanges, mergeCollected, partialCollected } from './collected.ts';
import { aggregateDoc } from './documented.ts';
import { fromStored, storedType, toStored } from './nested-value.ts';

/** How often each value occurs, in order of first occurrence. */
type Frequencies = ReadonlyMap<unknown, { readonly value: RawValue; count: number }>;

/** An aggregate of how often values occur. */
function ofFrequencies(
  name: string,
  summary: string,
  example: readonly [string, string],
  returns: (type: DataType) => DataType,
  compute: (frequencies: Frequencies, type: DataType) => RawValue,
  overFrames: OverFrames,
  further: readonly AggregateOverload[] = [],
): AggregateFunction {
  return {
    name,
    doc: aggregateDoc(summary, further.length === 0 ? ['arg'] : ['arg', 'bins'], example),
    overloads: [
      {
        key: 'any',
        signature: '(ANY) -> ANY',
        fit: ([x, ...rest]) =>
          x === undefined || rest.length > 0
            ? undefined
            : { args: [plainType(x)], returns: returns(plainType(x)), cost: 0 },
        nullable: name !== 'entropy',
        skipsNulls: true,
        stateBytes: () => COLLECTOR_BYTES,
        update: (ctx, call) => collectRows(ctx, call, toStored(ctx, call.args[0]!, call.rows)),
        mergeConsumes: true,
        overFrames,
        merge: mergeCollected,
        partial: partialCollected,
        result: (ctx, call) => results(ctx, call, compute),
      },
      ...further,
    ],
  };
}

function results(
  ctx: AggregateContext,
  call: ResultCall,
  compute: (f: Frequencies, type: DataType) => RawValue,
): Vector {
  const type = call.argTypes[0]!;
  const { values, lists } = collected(ctx, call, storedType(type));
  const read = valueReader(ctx.memory, fromStored(ctx, values, type));
  const found = listRanges(ctx, lists, call.count).map(([from, length]) => {
    const own = Array.from({ length }, (_, i) => read(from + i));
    return compute(countedValues(own), type);
  });
  return buildVector(ctx, call.type, found);
}

/** How often each of some values occurs. */
export function countedValues(values: readonly RawValue[]): Frequencies {
  const frequencies = new Map<unknown, { value: RawValue; count: number }>();
  for (const value of values) {
    const key = keyOf(value);
    const known = frequencies.get(key);
    if (known === undefined) frequencies.set(key, { value, count: 1 });
    else known.count++;
  }
  return frequencies;
}

/** Something that is equal for equal values. */
function keyOf(value: RawValue): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return JSON.stringify(value, (_, v: unknown) =>
    typeof v === 'bigint' ? `${v}n` : v instanceof Uint8Array ? [...v] : v,
  );
}

function mode(frequencies: Frequencies): RawValue {
  let best: { value: RawValue; count: number } | undefined;
  for (const f of frequencies.values()) if (best === undefined || f.count > best.count) best = f;
  return best?.value ?? null;
}

function entropy(frequencies: Frequencies): number {
  let rows = 0;
  for (const { count } of frequencies.values()) rows += count;
  let sum = 0;
  for (const { count } of frequencies.values()) sum += (count / rows) * Math.log2(rows / count);
  return sum;
}

function histogram(frequencies: Frequencies): RawValue {
  if (frequencies.size === 0) return null;
  const entries = [...frequencies.values()].sort((a, b) => compareRaw(a.value, b.value));
  return entries.map(({ value, count }) => [value, BigInt(count)]);
}

/** The order of two values of one type: texts by code points, NaN last. */
function compareRaw(a: RawValue, b: RawValue): number {
  if (typeof a === 'string' && typeof b === 'string') {
    const x = [...a].map(c => c.codePointAt(0)!);
    const y = [...b].map(c => c.codePointAt(0)!);
    return compareRaw(x, y);
  }
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  if (Array.isArray(a) && Array.isArray(b)) {
    const i = a.findIndex((v, k) => k >= b.length || compareRaw(v, b[k]!) !== 0);
    if (i < 0) return a.length - b.length;
    return i >= b.length ? 1 : compareRaw(a[i]!, b[i]!);
  }
  if (typeof a === 'object' && a !== null && 'months' in a) {
    const micros = (v: RawInterval): bigint => BigInt(v.months * 30 + v.days) * 86_400_000_000n + v.micros;
    return compareRaw(micros(a), micros(b as RawInterval));
  }
  return a! < b! ? -1 : a! > b! ? 1 : 0;
}

/** Aggregates of how often values occur. */
export const frequencyAggregates: readonly AggregateFunction[] = [
  ofFrequencies(
    'mode',
    'The most frequent value, the first of them among equals.',
    ['(SELECT mode(x) FROM (VALUES (1), (2), (2)) t(x))', '2'],
    type => type,
    mode,
    { kind: 'most-frequent' },
  ),
  ofFrequencies(
    'histogram',
    'A map from each value to its number of rows; with bins, from the end of each bin to the rows up to it and above the one before.',
    ['(SELECT histogram(x) FROM (VALUES (2), (1), (2)) t(x))', '{1=1, 2=2}'],
    key => ({ kind: 'map', key, value: UINT64 }),
    histogram,
    { kind: 'counted', what: 'counts' },
    [binned(false)],
  ),
  ofFrequencies(
    'entropy',
    'Shannon entropy of the frequencies, in bits.',
    ['(SELECT entropy(x) FROM (VALUES (1), (2)) t(x))', '1.0'],
    () => FLOAT64,
    entropy,
    { kind: 'counted', what: 'entropy' },
  ),
];
