import type { Rows } from '../../batch/batch.ts';
import { Vector } from '../../batch/vector.ts';
import { invariant } from '../../common/errors.ts';
import type { LinearMemory } from '../../memory/linear-memory.ts';
import { BINARY, type DataType } from '../../types/data-type.ts';
import type { AggregateOverload, PartialState } from '../function.ts';
import { maskOf } from '../operand.ts';

/**
 * States of some bytes (a multiple of 8) that hold no addresses: they travel as they are.
 * @param bytes where the arguments decide, a function of their types
 * @param merge works pair by pair, see `mergesInPlace`
 */
export function plainState(
  bytes: number | BytesOf,
  merge: AggregateOverload['merge'],
): Pick<AggregateOverload, 'stateBytes' | 'merge' | 'mergesInPlace' | 'partial'> {
  const stateBytes = typeof bytes === 'number' ? () => bytes : bytes;
  return { stateBytes, merge, mergesInPlace: () => true, partial: bytesOfStates(stateBytes, merge) };
}

type BytesOf = (args: readonly DataType[]) => number;

function bytesOfStates(bytesOf: BytesOf, merge: AggregateOverload['merge']): PartialState {
  return {
    types: () => [BINARY],
    columns: ({ memory, arena }, { states, offset, count, argTypes }) => {
      const bytes = bytesOf(argTypes);
      const refs = arena.alloc(count * 8);
      const { u32 } = memory;
      for (let k = 0; k < count; k++) {
        u32[(refs >>> 2) + 2 * k] = u32[(states >>> 2) + k]! + offset;
        u32[(refs >>> 2) + 2 * k + 1] = bytes;
      }
      return [Vector.flat(BINARY, count, refs)];
    },
    fold: (ctx, { args, rows, states, statesMask, offset, argTypes, type }) => {
      const bytes = bytesOf(argTypes);
      const [column] = args;
      const { selection, selected: count } = rows;
      const sources = ctx.arena.alloc(count * 4);
      const targets = ctx.arena.alloc(count * 4);
      // Bytes that came from elsewhere may lie anywhere, but states must be aligned.
      const copies = areAligned(ctx.memory, column!, rows) ? 0 : ctx.arena.alloc(count * bytes);
      const { u8, u16, u32 } = ctx.memory;
      for (let j = 0; j < count; j++) {
        const i = selection === 0 ? j : u16[(selection >>> 1) + j]!;
        const ref = (column!.data >>> 2) + 2 * (i & maskOf(column!));
        if (u32[ref + 1] !== bytes) invariant(false, `a state of ${bytes} bytes has ${u32[ref + 1]}`);
        let source = u32[ref]!;
        if (copies !== 0) {
          source = copies + j * bytes;
          u8.copyWithin(source, u32[ref]!, u32[ref]! + bytes);
        }
        u32[(sources >>> 2) + j] = source - offset;
        u32[(targets >>> 2) + j] = u32[(states >>> 2) + (i & statesMask)]!;
      }
      merge(ctx, { targets, sources, count, offset, argTypes, type });
    },
  };
}

/** Whether all referenced bytes begin at a multiple of 8. */
function areAligned({ u16, u32 }: LinearMemory, column: Vector, { selection, selected }: Rows): boolean {
  const mask = maskOf(column);
  let addresses = 0;
  for (let j = 0; j < selected; j++) {
    const i = selection === 0 ? j : u16[(selection >>> 1) + j]!;
    addresses |= u32[(column.data >>> 2) + 2 * (i & mask)]!;
  }
  return (addresses & 7) === 0;
}
