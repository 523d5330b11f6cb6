import type { Rows } from '../../batch/batch.ts';
import { Vector } from '../../batch/vector.ts';
import { INFINITE_MICROS } from '../../types/calendar.ts';
import { type DataType, TIMESTAMP } from '../../types/data-type.ts';
import { timeOfUtc, utcMicros } from '../../types/zoned-time.ts';
import type { AggregateContext, AggregateOverload, MergeCall, ResultCall, UpdateCall } from '../function.ts';
import { maskOf } from '../operand.ts';
import { plainState } from './plain-state.ts';
import { allValid, stateAddresses } from './state-values.ts';
import { integerSumState } from './sum.ts';

/** A state: that of a sum of integers, over instants that are finite, and whether -infinity and infinity were there: u32 each. */
const STATE_BYTES = 32;
const BEFORE_AT = 24;
const AFTER_AT = 28;

/** `avg` of instants and times: an infinite one makes it infinite, both of them NULL. */
export const instantAverage: AggregateOverload = {
  key: 'instant',
  signature: '(TIMESTAMP) -> TIMESTAMP',
  fit: ([x, ...rest]) => (rest.length > 0 ? undefined : fitInstant(x)),
  nullable: true,
  skipsNulls: true,
  ...plainState(STATE_BYTES, merge),
  update: (ctx, call) => integerSumState.update(ctx, { ...call, rows: noteInfinite(ctx, call) }),
  result: averages,
};

function fitInstant(x: DataType | undefined) {
  if (x?.kind === 'date') return { args: [TIMESTAMP], returns: TIMESTAMP, cost: 1 };
  return x?.kind === 'timestamp' || x?.kind === 'time' || x?.kind === 'timetz'
    ? { args: [x], returns: x, cost: 0 }
    : undefined;
}

/** Marks the states of infinite instants; the rows of the others. */
function noteInfinite({ arena, memory }: AggregateContext, call: UpdateCall): Rows {
  const { rows, states, statesMask, offset } = call;
  const x = call.args[0]!;
  const mask = maskOf(x);
  const { i64, u16, u32 } = memory;
  const isInfinite = (i: number): boolean => {
    const high = u32[(x.data >>> 2) + 2 * (i & mask) + 1]!;
    if (high !== 0x7fff_ffff && high !== 0x8000_0000) return false;
    const value = i64[(x.data >>> 3) + (i & mask)]!;
    return value === INFINITE_MICROS || value === -INFINITE_MICROS;
  };
  const position = (j: number): number => (rows.selection === 0 ? j : u16[(rows.selection >>> 1) + j]!);
  let finite = 0;
  while (finite < rows.selected && !isInfinite(position(finite))) finite++;
  if (finite === rows.selected) return rows;
  const selection = arena.alloc(rows.selected * 2);
  finite = 0;
  for (let j = 0; j < rows.selected; j++) {
    const i = position(j);
    if (!isInfinite(i)) memory.u16[(selection >>> 1) + finite++] = i;
    else {
      const state = memory.u32[(states >>> 2) + (i & statesMask)]! + offset;
      const after = memory.i64[(x.data >>> 3) + (i & mask)]! > 0n;
      memory.u32[(state + (after ? AFTER_AT : BEFORE_AT)) >>> 2] = 1;
    }
  }
  return { count: rows.count, selection, selected: finite };
}

function merge(ctx: AggregateContext, call: MergeCall): void {
  const { targets, sources, count, offset } = call;
  const { u32 } = ctx.memory;
  for (let k = 0; k < count; k++) {
    const [target, source] = [targets, sources].map(list => (u32[(list >>> 2) + k]! + offset) >>> 2) as [
      number,
      number,
    ];
    for (const at of [BEFORE_AT >>> 2, AFTER_AT >>> 2]) u32[target + at]! |= u32[source + at]!;
  }
  integerSumState.merge(ctx, call);
}

function averages(ctx: AggregateContext, call: ResultCall): Vector {
  const out = ctx.arena.alloc(call.count * 8);
  const validity = allValid(ctx, call.count);
  const { i64, u64, u32, u8 } = ctx.memory;
  stateAddresses(ctx, call).forEach((state, k) => {
    const rows = u64[(state >>> 3) + 2]!;
    const [before, after] = u32.subarray((state + BEFORE_AT) >>> 2, (state + BEFORE_AT + 8) >>> 2);
    if (before !== after) i64[(out >>> 3) + k] = after === 1 ? INFINITE_MICROS : -INFINITE_MICROS;
    else if (rows === 0n || after === 1) u8[validity + (k >> 3)]! &= ~(1 << (k & 7));
    else {
      const mean = ((i64[(state >>> 3) + 1]! << 64n) | u64[state >>> 3]!) / rows;
      i64[(out >>> 3) + k] = call.type.kind === 'timetz' ? timeOfUtc(utcMicros(mean)) : mean;
    }
  });
  return Vector.flat(call.type, call.count, out, validity);
}
