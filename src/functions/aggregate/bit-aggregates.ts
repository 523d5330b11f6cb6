import { valueReader } from '../../batch/read.ts';
import type { Vector } from '../../batch/vector.ts';
import { RayexecError } from '../../common/errors.ts';
import { selectValid, validityOf } from '../../kernels/vectors.ts';
import { implicitCastCost } from '../../types/coercion.ts';
import { BIT, type DataType } from '../../types/data-type.ts';
import type { AggregateContext, AggregateFunction, AggregateOverload, Fit, UpdateCall } from '../function.ts';
import { maskOf } from '../operand.ts';
import { aggregateDoc } from './documented.ts';
import { refillSlab, slabOf } from './slab.ts';
import { type StateList, stateValues } from './state-values.ts';
import { constantsFrom, constantsOf } from './value-lists.ts';

/** Numbers of the folds in assembly/bit-strings.ts. */
const FOLDS = { bit_and: 0, bit_or: 1, bit_xor: 2 } as const;
type Fold = keyof typeof FOLDS;

/** Runs a kernel that stops when the slab is full, until all is done. @throws RayexecError `invalid-argument` for bits of different lengths */
function inSlab(name: string, ctx: AggregateContext, count: number, run: (from: number, slab: number) => number): void {
  const slab = slabOf(ctx);
  for (let done = 0; done < count; ) {
    done = run(done, slab);
    if (done < 0)
      throw new RayexecError('invalid-argument', `${name} takes bit strings of one length`, {
        hint: 'bitstring(bits, length) makes one longer',
      });
    if (done < count) refillSlab(ctx, slab);
  }
}

function foldBits(name: string, op: number, ctx: AggregateContext, call: UpdateCall): void {
  const [bits] = call.args as readonly [Vector];
  const { states, statesMask, offset } = call;
  const rows = selectValid(ctx, validityOf(ctx, bits, call.rows), call.rows);
  const list = [bits.data, maskOf(bits), states, statesMask, offset, rows.selection, rows.selected] as const;
  inSlab(name, ctx, rows.selected, (from, slab) => ctx.kernels.agg_bitstrings(op, ...list, from, slab));
}

/** A string that begins each state, NULL where there was no row; states merge by a fold. */
function bitStates(name: string, op: number): Pick<AggregateOverload, 'stateBytes' | 'merge' | 'partial' | 'result'> {
  const bitsOf = (ctx: AggregateContext, list: StateList): Vector => stateValues(ctx, list, BIT, 0);
  return {
    stateBytes: () => 8,
    merge: (ctx, { targets, sources, count, offset }) => {
      inSlab(name, ctx, count, (from, slab) =>
        ctx.kernels.merge_bitstrings(op, targets, sources, count, offset, from, slab),
      );
    },
    partial: {
      types: () => [BIT],
      columns: (ctx, call) => [bitsOf(ctx, call)],
      fold: (ctx, call) => foldBits(name, op, ctx, call),
    },
    result: bitsOf,
  };
}

/** An aggregate of bit strings of one length. */
const folded = (name: Fold): AggregateOverload => ({
  key: 'bits',
  signature: '(BIT) -> BIT',
  fit: ([x, ...rest]) => (x?.kind === 'bit' && rest.length === 0 ? { args: [BIT], returns: BIT, cost: 0 } : undefined),
  nullable: true,
  skipsNulls: true,
  ...bitStates(name, FOLDS[name]),
  update: (ctx, call) => foldBits(name, FOLDS[name], ctx, call),
});

/** `bit_and`, `bit_or` and `bit_xor` of bit strings. */
export const bitStringFolds = {
  bit_and: folded('bit_and'),
  bit_or: folded('bit_or'),
  bit_xor: folded('bit_xor'),
} as const;

/** The longest bit string that is made. */
const MOST_BITS = 1_000_000_000n;

function fitRange([x, min, max, ...rest]: readonly DataType[]): Fit | undefined {
  if (x?.kind !== 'int' || min === undefined || max === undefined || rest.length > 0) return undefined;
  const costs = [implicitCastCost(min, x), implicitCastCost(max, x)];
  if (costs.includes(undefined)) return undefined;
  return { args: [x, x, x], returns: BIT, cost: costs[0]! + costs[1]! };
}

/** Sets the bits of rows, whose second and third argument are the same in all of them. */
function setBits(ctx: AggregateContext, call: UpdateCall): void {
  const { states, statesMask, offset, rows } = call;
  if (rows.selected === 0) return;
  const types = call.args.slice(1).map(a => a.type);
  const [min, max] = constantsFrom(constantsOf(ctx, call), types).map(v => BigInt(v as number | bigint));
  const length = bitsBetween(min!, max!);
  const read = valueReader(ctx.memory, call.args[0]!);
  const numbers = ctx.arena.alloc(rows.count * 4);
  for (let j = 0; j < rows.selected; j++) {
    const i = rows.selection === 0 ? j : ctx.memory.u16[(rows.selection >>> 1) + j]!;
    const value = BigInt(read(i) as number | bigint);
    if (value < min! || value > max!)
      throw new RayexecError('invalid-argument', `${value} lies outside of ${min} to ${max}`);
    ctx.memory.u32[(numbers >>> 2) + i] = Number(value - min!);
  }
  const list = [numbers, length, states, statesMask, offset, rows.selection, rows.selected] as const;
  inSlab('bitstring_agg', ctx, rows.selected, (from, slab) => ctx.kernels.agg_bitstring_set(...list, from, slab));
}

function bitsBetween(min: bigint, max: bigint): number {
  if (min > max)
    throw new RayexecError('invalid-argument', `the smallest value ${min} is greater than the greatest, ${max}`);
  if (max - min >= MOST_BITS)
    throw new RayexecError('invalid-argument', `${min} to ${max} are too many values for a bit string`);
  return Number(max - min) + 1;
}

/** `bitstring_agg(x, min, max)`. */
export const bitstringAgg: AggregateFunction = {
  name: 'bitstring_agg',
  doc: aggregateDoc(
    'A bit for each integer from min to max: 1 where it is among the values.',
    ['arg', 'min', 'max'],
    ['(SELECT bitstring_agg(x, 1, 4) FROM (VALUES (1), (3)) t(x))', '1010'],
  ),
  overloads: [
    {
      key: 'range',
      signature: '(BIGINT, BIGINT, BIGINT) -> BIT',
      fit: fitRange,
      nullable: true,
      skipsNulls: true,
      ignoresDistinct: true,
      ...bitStates('bitstring_agg', FOLDS.bit_or),
      update: setBits,
    },
  ],
};
