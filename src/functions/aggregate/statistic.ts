import { buildVector } from '../../batch/builder.ts';
import { implicitCastCost } from '../../types/coercion.ts';
import { type DataType, FLOAT64 } from '../../types/data-type.ts';
import type { AggregateOverload, Fit } from '../function.ts';
import { oneArgument } from './operand.ts';
import { plainState } from './plain-state.ts';

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
      const { u32, f64 } = ctx.memory;
      // One for all states: each result is computed before the next state is read.
      const doubles = new Float64Array(stateBytes / 8 - 1);
      const values = Array.from({ length: call.count }, (_, k) => {
        const at = u32[(call.states >>> 2) + k]! + call.offset;
        for (let d = 0; d < doubles.length; d++) doubles[d] = f64[(at >>> 3) + 1 + d]!;
        return compute(u32[at >>> 2]! + u32[(at >>> 2) + 1]! * 2 ** 32, doubles);
      });
      return buildVector(ctx, returns, values);
    },
  };
}

/** Folds rows of one double with a kernel. */
export const updateDouble =
  (kernel: 'agg_variance' | 'agg_moments' | 'agg_product' | 'agg_kahan'): AggregateOverload['update'] =>
  ({ kernels }, call) => {
    kernels[kernel](...oneArgument(call));
  };
