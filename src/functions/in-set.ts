import { buildVector } from '../batch/builder.ts';
import { compareRaw } from '../batch/compare-raw.ts';
import { Vector } from '../batch/vector.ts';
import { bitmapBytes } from '../kernels/vectors.ts';
import type { DataType } from '../types/data-type.ts';
import { BOOLEAN } from '../types/data-type.ts';
import { type PhysicalType, physicalType } from '../types/physical.ts';
import { scalarToRaw } from '../types/raw-value.ts';
import type { Scalar } from '../types/scalar.ts';
import type { Runnable } from './eval-call.ts';
import type { EvalEnv } from './eval-node.ts';
import { mapValues } from './map-values.ts';

/** Kinds of the set kernels (see assembly/membership.ts). */
const KINDS: Readonly<Partial<Record<PhysicalType, number>>> = {
  bool: 0,
  i8: 0,
  u8: 0,
  i16: 1,
  u16: 1,
  i32: 2,
  u32: 2,
  i64: 3,
  u64: 3,
  i128: 4,
  u128: 4,
  ref: 5,
  f32: 6,
  f64: 7,
};

/** Up to so many integers comparing with each beats hashing. */
const FEW = 6;

/** `input [NOT] IN (constants)` over a hash set of the constants, made once. A NULL among them makes each miss unknown. */
export function inSet(env: EvalEnv, type: DataType, items: readonly Scalar[], negated: boolean): Runnable {
  const kind = KINDS[physicalType(type)];
  if (kind === undefined) return inValues(type, items, negated);
  const values = items.map(scalarToRaw).filter(v => v !== null);
  const missIsUnknown = values.length < items.length;
  let slots = 8;
  while (slots < values.length * 2) slots *= 2;
  const set = buildVector({ memory: env.memory, arena: env.longLived }, type, values).data;
  const table = env.longLived.allocZeroed(slots * 4);
  const isFew = values.length <= FEW && (kind === KINDS.i32 || kind === KINDS.i64);
  env.kernels.set_build(kind, set, values.length, table, slots - 1);
  return {
    nulls: 'propagate',
    run: ({ arena, kernels }, { args, rows, validity }) => {
      const { count, selection, selected } = rows;
      const input = args[0]!;
      const out = arena.alloc(count);
      if (isFew) kernels.few_probe(kind, input.data, count, set, values.length, out);
      else kernels.set_probe(kind, input.data, validity, selection, selected, set, table, slots - 1, out);
      let valid = validity;
      if (missIsUnknown) {
        // Only hits are known; they are false under NOT IN.
        valid = arena.allocZeroed(bitmapBytes(count));
        kernels.bools_to_bits(out, selection, selected, valid);
        // What NULL rows hold may have hit.
        if (validity !== 0) kernels.bitmap_and(valid, validity, (count + 7) >> 3, valid);
      }
      if (!negated) return Vector.flat(BOOLEAN, count, out, valid);
      const inverted = arena.alloc(count);
      kernels.bool_not(out, count, inverted);
      return Vector.flat(BOOLEAN, count, inverted, valid);
    },
  };
}

/** Intervals and nested types: each value beside each constant. */
function inValues(type: DataType, items: readonly Scalar[], negated: boolean): Runnable {
  const values = items.map(scalarToRaw).filter(v => v !== null);
  const missIsUnknown = values.length < items.length;
  return {
    nulls: 'propagate',
    run: (ctx, call) =>
      mapValues(ctx, call, value => {
        const hit = values.some(v => compareRaw(type, v, value!) === 0);
        return !hit && missIsUnknown ? null : hit !== negated;
      }),
  };
}
