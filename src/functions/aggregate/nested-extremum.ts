import { allRows, type Rows } from '../../batch/batch.ts';
import { compareRaw } from '../../batch/compare-raw.ts';
import { readColumn, valueReader } from '../../batch/read.ts';
import { selectValid, validityOf } from '../../kernels/vectors.ts';
import { plainType } from '../../types/coercion.ts';
import { type DataType, UTF8 } from '../../types/data-type.ts';
import type { RawValue } from '../../types/raw-value.ts';
import type { AggregateContext, AggregateOverload, UpdateCall } from '../function.ts';
import { SLOT, updateKept } from './kept-value.ts';
import { mergeInChunks } from './merge-by-update.ts';
import { fromStored, isNested, toStored } from './nested-value.ts';
import { type StateList, stateValues } from './state-values.ts';

/** `min` and `max` of lists, structs and maps, in their order: states keep the value as text. */
export function nestedExtremum(name: 'min' | 'max'): AggregateOverload {
  const update = (ctx: AggregateContext, call: UpdateCall): void => keepBetter(name, ctx, call);
  const textsOf = (ctx: AggregateContext, list: StateList) => stateValues(ctx, list, UTF8, SLOT.valid);
  return {
    key: 'nested',
    signature: '(ANY) -> ANY',
    fit: ([x, ...rest]) =>
      x !== undefined && rest.length === 0 && isNested(x)
        ? { args: [plainType(x)], returns: plainType(x), cost: 0 }
        : undefined,
    nullable: true,
    skipsNulls: true,
    ignoresDistinct: true,
    stateBytes: () => SLOT.bytes,
    update,
    merge: (ctx, call) => {
      mergeInChunks(call, (sources, target) => {
        const texts = textsOf(ctx, sources);
        const rows = selectValid(ctx, texts.validity, allRows(sources.count));
        update(ctx, { ...target, args: [fromStored(ctx, texts, call.argTypes[0]!)], rows });
      });
    },
    partial: {
      types: () => [UTF8],
      columns: (ctx, call) => [textsOf(ctx, call)],
      fold: (ctx, call) => {
        const [texts] = call.args;
        const rows = selectValid(ctx, validityOf(ctx, texts!, call.rows), call.rows);
        if (rows.selected > 0) update(ctx, { ...call, args: [fromStored(ctx, texts!, call.type)], rows });
      },
    },
    result: (ctx, call) => fromStored(ctx, textsOf(ctx, call), call.type),
  };
}

/** Finds for each state the best of its rows, if any is better than what it has, and stores these. */
function keepBetter(name: 'min' | 'max', ctx: AggregateContext, call: UpdateCall): void {
  const { memory, arena } = ctx;
  const vector = call.args[0]!;
  const read = valueReader(memory, vector);
  const { selection, selected } = call.rows;
  const position = (j: number): number => (selection === 0 ? j : memory.u16[(selection >>> 1) + j]!);
  const stateOf = (i: number): number => memory.u32[(call.states >>> 2) + (i & call.statesMask)]!;
  const states = [...new Set(Array.from({ length: selected }, (_, j) => stateOf(position(j))))];
  const best = keptIn(ctx, states, call.offset, vector.type);
  const winners = new Map<number, number>();
  for (let j = 0; j < selected; j++) {
    const i = position(j);
    const state = stateOf(i);
    const value = read(i);
    const kept = best.get(state) ?? null;
    const order = value === null ? 0 : kept === null ? 1 : compareRaw(vector.type, value, kept);
    if (value === null || (kept !== null && (name === 'max' ? order <= 0 : order >= 0))) continue;
    best.set(state, value);
    winners.set(state, i);
  }
  if (winners.size === 0) return;
  const chosen = arena.alloc((winners.size + 1) * 2);
  memory.u16.set(
    [...winners.values()].sort((a, b) => a - b),
    chosen >>> 1,
  );
  const rows: Rows = { count: call.rows.count, selection: chosen, selected: winners.size };
  updateKept('last', ctx, { ...call, args: [toStored(ctx, vector, rows)], rows });
}

/** The values that states keep so far. */
function keptIn(
  ctx: AggregateContext,
  states: readonly number[],
  offset: number,
  type: DataType,
): Map<number, RawValue> {
  const list = ctx.arena.alloc(states.length * 4);
  ctx.memory.u32.set(states, list >>> 2);
  const texts = stateValues(ctx, { states: list, offset, count: states.length }, UTF8, SLOT.valid);
  const values = readColumn(ctx.memory, fromStored(ctx, texts, type), allRows(states.length));
  return new Map(states.map((state, i) => [state, values[i] ?? null]));
}
