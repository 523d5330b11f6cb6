import type { Rows } from '../../batch/batch.ts';
import { valueReader } from '../../batch/read.ts';
import { Vector } from '../../batch/vector.ts';
import { RayexecError } from '../../common/errors.ts';
import { TIMESTAMP, TIMESTAMPTZ } from '../../types/data-type.ts';
import { TimeZone } from '../../types/time-zone.ts';
import type { EvalContext } from '../function.ts';
import { maskOf } from '../operand.ts';
import { constantText } from './constant-text.ts';

/** What clocks of a zone show at instants, as TIMESTAMPs at the same positions. `rows` are without NULL. */
export const toClocks = (ctx: EvalContext, instants: Vector, zone: TimeZone, rows: Rows): Vector =>
  shift(ctx, instants, zone, rows, 'clock');

/** The instants at which clocks of a zone show TIMESTAMPs. */
export const toInstants = (ctx: EvalContext, clocks: Vector, zone: TimeZone, rows: Rows): Vector =>
  shift(ctx, clocks, zone, rows, 'instant');

function shift(ctx: EvalContext, input: Vector, zone: TimeZone, rows: Rows, to: 'clock' | 'instant'): Vector {
  const { arena, kernels, memory } = ctx;
  const type = to === 'clock' ? TIMESTAMP : TIMESTAMPTZ;
  const out = arena.alloc(rows.count * 8);
  const operand = [input.data, maskOf(input), rows.selection, rows.selected] as const;
  const range = arena.alloc(16);
  const result = Vector.flat(type, rows.count, out, 0);
  if (kernels.timestamp_range(...operand, range) === 0) {
    kernels.shift_by_zone(...operand, 0, 0, 0, 0n, out);
    return result;
  }
  const [min, max] = [memory.i64[range >>> 3]!, memory.i64[(range >>> 3) + 1]!];
  const { starts, offsets } = to === 'clock' ? zone.byInstant(min, max) : zone.byClock(min, max);
  const table = arena.alloc(starts.length * 16);
  memory.i64.set(starts, table >>> 3);
  memory.i64.set(offsets, (table >>> 3) + starts.length);
  const sign = to === 'clock' ? 1n : -1n;
  const status = kernels.shift_by_zone(...operand, table, table + starts.length * 8, starts.length, sign, out);
  if (status < 0) throw new RayexecError('overflow', 'a timestamp is out of range');
  return result;
}

/** The rows by the time zone that an argument names for them; mostly one for all. `rows` are without NULL. */
export function rowsByZone(ctx: EvalContext, names: Vector, rows: Rows): readonly (readonly [TimeZone, Rows])[] {
  if (rows.selected === 0) return [];
  if (names.form === 'constant') return [[TimeZone.named(constantText(ctx, names)), rows]];
  const positions = new Map<string, number[]>();
  const read = valueReader(ctx.memory, names);
  for (let j = 0; j < rows.selected; j++) {
    const i = rows.selection === 0 ? j : ctx.memory.u16[(rows.selection >>> 1) + j]!;
    const name = read(i) as string;
    const known = positions.get(name);
    if (known === undefined) positions.set(name, [i]);
    else known.push(i);
  }
  return [...positions].map(([name, found]) => {
    const selection = ctx.arena.alloc(found.length * 2);
    ctx.memory.u16.set(found, selection >>> 1);
    return [TimeZone.named(name), { count: rows.count, selection, selected: found.length }] as const;
  });
}

/** A whole column moved, each row by its own zone. `rows` are without NULL. */
export function shiftEach(ctx: EvalContext, input: Vector, names: Vector, rows: Rows, to: 'clock' | 'instant'): Vector {
  const parts = rowsByZone(ctx, names, rows);
  if (parts.length === 1) return shift(ctx, input, parts[0]![0], parts[0]![1], to);
  const out = ctx.arena.alloc(rows.count * 8);
  for (const [zone, some] of parts) {
    const { data } = shift(ctx, input, zone, some, to);
    ctx.kernels.blend_64(data, -1, some.selection, some.selected, out);
  }
  return Vector.flat(to === 'clock' ? TIMESTAMP : TIMESTAMPTZ, rows.count, out, 0);
}
