import { buildVector } from '../../batch/builder.ts';
import { Vector } from '../../batch/vector.ts';
import { implicitCastCost } from '../../types/coercion.ts';
import { type DataType, FLOAT64 } from '../../types/data-type.ts';
import type { AggregateContext, AggregateOverload, Fit, ResultCall } from '../function.ts';
import { oneArgument } from './operand.ts';
import { plainState } from './plain-state.ts';
import { allValid } from './state-values.ts';

/** A result from a state's number of rows (its first u64) and the doubles behind it. */
export type Statistic = (n: number, doubles: Float64Array) => number | null;

/** Numbers as doubles, `count` of them; texts don't fit. */
export function fitDoubles(types: readonly DataType[], count: number, returns: DataType): Fit | undefined {
  if (types.length !== count) return undefined;
  let cost = 0;
  for (const type of types) {
    const c = type.kind === 'utf8' ? undefined : implicitCastCost(type, FLOAT64);
    if (c === undefined) return undefined;
    cost += c;
  }
  return { args: types.map(() => FLOAT64), returns, cost };
}

/** The kernels of an aggregate of doubles, and the bytes of its states. */
export type DoubleKernels = {
  readonly stateBytes: number;
  readonly update: AggregateOverload['update'];
  readonly merge: 'merge_variance' | 'merge_covariance' | 'merge_moments';
};

/** An overload of one or two doubles whose result JavaScript computes from the state. */
export function statistic(
  count: 1 | 2,
  kernels: DoubleKernels,
  compute: Statistic,
  returns: DataType = FLOAT64,
): AggregateOverload {
  const { stateBytes, update, merge } = kernels;
  return {
    key: 'double',
    signature: count === 1 ? '(DOUBLE) -> DOUBLE' : '(DOUBLE, DOUBLE) -> DOUBLE',
    fit: types => fitDoubles(types, count, returns),
    nullable: returns === FLOAT64,
    skipsNulls: true,
    ...plainState(stateBytes, (ctx, call) => {
      ctx.kernels[merge](call.targets, call.sources, call.count, call.offset);
    }),
    update,
    result: (ctx, call) => {
      const read = statesReader(ctx, call, stateBytes, compute);
      if (returns === FLOAT64) return doublesOf(ctx, call.count, read);
      return buildVector(
        ctx,
        returns,
        Array.from({ length: call.count }, (_, k) => read(k)),
      );
    },
  };
}

/** The result of a state by its number. */
function statesReader(
  { memory }: AggregateContext,
  { states, offset }: ResultCall,
  stateBytes: number,
  compute: Statistic,
): (k: number) => number | null {
  const { u32, f64 } = memory;
  // One for all states: each result is computed before the next state is read.
  const doubles = new Float64Array(stateBytes / 8 - 1);
  return k => {
    const at = u32[(states >>> 2) + k]! + offset;
    for (let d = 0; d < doubles.length; d++) doubles[d] = f64[(at >>> 3) + 1 + d]!;
    return compute(u32[at >>> 2]! + u32[(at >>> 2) + 1]! * 2 ** 32, doubles);
  };
}

function doublesOf(ctx: AggregateContext, count: number, read: (k: number) => number | null): Vector {
  const data = ctx.arena.alloc(count * 8);
  const validity = allValid(ctx, count);
  const { u8, f64 } = ctx.memory;
  let nulls = 0;
  for (let k = 0; k < count; k++) {
    const value = read(k);
    f64[(data >>> 3) + k] = value ?? 0;
    if (value !== null) continue;
    u8[validity + (k >> 3)]! &= ~(1 << (k & 7));
    nulls++;
  }
  return Vector.flat(FLOAT64, count, data, nulls === 0 ? 0 : validity);
}

/** Folds rows of one double with a kernel. */
export const updateDouble =
  (kernel: 'agg_variance' | 'agg_moments' | 'agg_product' | 'agg_kahan'): AggregateOverload['update'] =>
  ({ kernels }, call) => {
    kernels[kernel](...oneArgument(call));
  };
