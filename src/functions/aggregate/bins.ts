import { buildVector } from '../../batch/builder.ts';
import { compareRaw } from '../../batch/compare-raw.ts';
import { parseRaw } from '../../batch/parse-raw.ts';
import { valueReader } from '../../batch/read.ts';
import type { Vector } from '../../batch/vector.ts';
import { RayexecError } from '../../common/errors.ts';
import { valueKind } from '../../kernels/value-kind.ts';
import { commonType, implicitCastCost, plainType } from '../../types/coercion.ts';
import { BINARY, type DataType, FLOAT64, list, UINT64 } from '../../types/data-type.ts';
import { formatRaw } from '../../types/format-raw.ts';
import type { RawValue } from '../../types/raw-value.ts';
import type {
  AggregateContext,
  AggregateOverload,
  BinnedCall,
  EvalContext,
  ResultCall,
  UpdateCall,
} from '../function.ts';
import { maskOf } from '../operand.ts';
import { parameterInHeap, readParameter } from './collected.ts';
import { isNested } from './nested-value.ts';
import { refillSlab, slabOf } from './slab.ts';
import { constantsFrom, constantsOf } from './value-lists.ts';

/** Bytes of a state of the kernels in assembly/bins.ts: {counts, parameter}, and where these are in u32s. */
const STATE = { bytes: 8, counts: 0, parameter: 1 } as const;

/** Counts of rows by bins: of each the values up to its end and above the one before, or (`exact`) equal to it. */
export const binned = (exact: boolean): AggregateOverload => ({
  overFrames: { kind: 'binned', run: (ctx, call) => binsOfFrames(ctx, call, exact) },
  key: 'bins',
  signature: '(ANY, ANY[]) -> MAP(ANY, UBIGINT)',
  fit: ([x, bins, ...rest]) => {
    if (x === undefined || bins?.kind !== 'list' || rest.length > 0 || isNested(x)) return undefined;
    const common = bins.element.kind === 'null' ? plainType(x) : commonType(plainType(x), plainType(bins.element));
    if (common === undefined || isNested(common)) return undefined;
    const key = common.kind === 'decimal' ? FLOAT64 : common;
    const costs = [implicitCastCost(x, key), implicitCastCost(bins, list(key))];
    if (costs.includes(undefined)) return undefined;
    return { args: [key, list(key)], returns: { kind: 'map', key, value: UINT64 }, cost: costs[0]! + costs[1]! };
  },
  nullable: true,
  skipsNulls: true,
  stateBytes: () => STATE.bytes,
  update: (ctx, call) => {
    if (call.rows.selected > 0) countRows(ctx, call, exact);
  },
  merge: (ctx, { targets, sources, count, offset }) => {
    const slab = slabOf(ctx);
    for (let done = 0; done < count; ) {
      done = ctx.kernels.bin_merge(targets, sources, count, offset, done, slab);
      if (done < count) refillSlab(ctx, slab);
    }
  },
  partial: {
    types: () => [list(UINT64), BINARY],
    columns: (ctx, call) => {
      const counts = statesOf(ctx, call);
      return [
        buildVector(
          ctx,
          list(UINT64),
          counts.map(c => (c === undefined ? null : [...c.counts])),
        ),
        buildVector(
          ctx,
          BINARY,
          counts.map(c => c?.parameter ?? null),
        ),
      ];
    },
    fold: (ctx, call) => {
      const [counts, parameters] = call.args.map(arg => valueReader(ctx.memory, arg));
      for (let j = 0; j < call.rows.selected; j++) {
        const i = call.rows.selection === 0 ? j : ctx.memory.u16[(call.rows.selection >>> 1) + j]!;
        const parameter = parameters!(i) as Uint8Array | null;
        if (parameter === null) continue;
        const state = ctx.memory.u32[(call.states >>> 2) + (i & call.statesMask)]! + call.offset;
        addCounts(ctx, state, parameter, counts!(i) as readonly bigint[]);
      }
    },
  },
  result: (ctx, call) => {
    const [key] = call.argTypes;
    return buildVector(
      ctx,
      call.type,
      statesOf(ctx, call).map(state =>
        state === undefined ? null : entriesOf(key!, binsOf(state.parameter, call.argTypes), state.counts),
      ),
    );
  },
});

function countRows(ctx: AggregateContext, call: UpdateCall, exact: boolean): void {
  const { rows, states, statesMask, offset } = call;
  const x = call.args[0]!;
  const parameter = constantsOf(ctx, call);
  const bins = buildVector(
    ctx,
    x.type,
    binsOf(
      parameter,
      call.args.map(a => a.type),
    ),
  );
  const operand = [valueKind(x.physical), x.data, maskOf(x), bins.data, bins.length, exact ? 1 : 0] as const;
  const list = [parameterInHeap(ctx, parameter), states, statesMask, offset, rows.selection, rows.selected] as const;
  const slab = slabOf(ctx);
  for (let done = 0; done < rows.selected; ) {
    done = ctx.kernels.bin_rows(...operand, ...list, done, slab);
    if (done < rows.selected) refillSlab(ctx, slab);
  }
}

/** The bins that an aggregate's second argument lists, in order. */
function binsOf(parameter: Uint8Array, [type, bins]: readonly DataType[]): readonly RawValue[] {
  return sortedBins(type!, constantsFrom(parameter, [bins!])[0] as readonly RawValue[]);
}

/** @throws RayexecError `invalid-argument` when a bin is NULL */
function sortedBins(type: DataType, values: readonly RawValue[]): readonly RawValue[] {
  if (values.includes(null)) throw new RayexecError('invalid-argument', 'a bin of a histogram cannot be NULL');
  const sorted = [...values].sort((a, b) => compareRaw(type, a, b));
  return sorted.filter((v, i) => i === 0 || compareRaw(type, v, sorted[i - 1]!) !== 0);
}

type Counts = { readonly parameter: Uint8Array; readonly counts: BigUint64Array };

/** The same of distinct values in frames. */
function binsOfFrames(
  ctx: EvalContext,
  { count, values, below, bins, argTypes, type }: BinnedCall,
  exact: boolean,
): Vector {
  const ends = sortedBins(argTypes[0]!, valueReader(ctx.memory, bins)(0) as readonly RawValue[]);
  const read = valueReader(ctx.memory, values);
  /** How many values come before one, or (`through`) up to it. */
  const place = (end: RawValue, through: boolean): number => {
    let [low, high] = [0, values.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const order = compareRaw(argTypes[0]!, read(middle), end);
      if (order < 0 || (through && order === 0)) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const bounds = ends.flatMap(end => (exact ? [place(end, false), place(end, true)] : [place(end, true)]));
  const counts = below([...bounds, values.length]) >>> 2;
  const step = exact ? 2 : 1;
  const found = Array.from({ length: count }, (_, k): RawValue => {
    const to = [
      0,
      ...ctx.memory.u32.subarray(counts + k * (bounds.length + 1), counts + (k + 1) * (bounds.length + 1)),
    ];
    const all = to.at(-1)!;
    if (all === 0) return null;
    const inBins = ends.map((_, b) => to[(b + 1) * step]! - to[(b + 1) * step - 1]!);
    const others = all - inBins.reduce((sum, n) => sum + n, 0);
    return entriesOf(argTypes[0]!, ends, BigUint64Array.from([...inBins, others], BigInt));
  });
  return buildVector(ctx, type, found);
}

/** What each state counted; undefined without rows. */
function statesOf(ctx: AggregateContext, { states, offset, count }: ResultCall): readonly (Counts | undefined)[] {
  const { u32, u64 } = ctx.memory;
  return Array.from({ length: count }, (_, k) => {
    const state = (u32[(states >>> 2) + k]! + offset) >>> 2;
    const counts = u32[state + STATE.counts]! >>> 3;
    if (counts === 0) return undefined;
    const parameter = readParameter(ctx, u32[state + STATE.parameter]!);
    return { parameter, counts: u64.slice(counts + 1, counts + 2 + Number(u64[counts])) };
  });
}

function addCounts(ctx: AggregateContext, state: number, parameter: Uint8Array, counts: readonly bigint[]): void {
  const { memory, heap } = ctx;
  if (memory.u32[(state >>> 2) + STATE.counts] === 0) {
    const fresh = heap.allocZeroed((counts.length + 1) * 8);
    memory.u64[fresh >>> 3] = BigInt(counts.length - 1);
    memory.u32.set([fresh, parameterInHeap(ctx, parameter)], state >>> 2);
  }
  const at = memory.u32[(state >>> 2) + STATE.counts]! >>> 3;
  counts.forEach((n, b) => {
    memory.u64[at + 1 + b]! += n;
  });
}

/** The map's entries: all bins, and the rows in none of them under a value that comes after all, if the type has one. */
function entriesOf(type: DataType, bins: readonly RawValue[], counts: BigUint64Array): RawValue {
  const entries: RawValue[] = bins.map((bin, b) => [bin, counts[b]!]);
  const others = counts[bins.length]!;
  const key = valueAfterAll(type);
  if (others === 0n || key === undefined) return entries;
  if (bins.length > 0 && compareRaw(type, bins.at(-1)!, key) === 0)
    throw new RayexecError(
      'invalid-argument',
      `the bin ${formatRaw(type, key)} is also the key of the rows in no bin`,
      {
        hint: 'leave it out, or take a wider type',
      },
    );
  return [...entries, [key, others]];
}

/** As DuckDB has it; for the types without such a value, values in no bin are not counted there either. */
function valueAfterAll(type: DataType): RawValue | undefined {
  switch (type.kind) {
    case 'int':
      return parseRaw(type, String((1n << BigInt(type.signed ? type.bits - 1 : type.bits)) - 1n));
    case 'float':
      return Number.POSITIVE_INFINITY;
    case 'date':
    case 'timestamp':
      return parseRaw(type, 'infinity');
    case 'time':
      return parseRaw(type, '24:00:00');
    case 'utf8':
    case 'binary':
      return parseRaw(type, '');
    default:
      return undefined;
  }
}
