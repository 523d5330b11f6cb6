import { Vector } from '../../batch/vector.ts';
import { INFINITE_MICROS } from '../../types/calendar.ts';
import { TIMESTAMP } from '../../types/data-type.ts';
import type { EvalContext } from '../function.ts';

/** Nanoseconds since 1970-01-01 without what is below a microsecond: a timestamp's parts are those of what has passed. */
export function floorToMicros(nanos: bigint): bigint {
  if (nanos === INFINITE_MICROS || nanos === -INFINITE_MICROS) return nanos;
  const micros = nanos / 1000n;
  return nanos < 0n && micros * 1000n !== nanos ? micros - 1n : micros;
}

/** A vector of TIMESTAMP_NS as TIMESTAMP, without rounding; other vectors as they are. The copy lies in the batch arena. */
export function inMicros({ arena, memory }: EvalContext, values: Vector): Vector {
  const { type, form, length, data, validity } = values;
  if (type.kind !== 'timestamp' || type.unit !== 'ns') return values;
  const count = form === 'constant' ? 1 : length;
  const out = arena.alloc(count * 8);
  const { i64 } = memory;
  for (let i = 0; i < count; i++) i64[(out >>> 3) + i] = floorToMicros(i64[(data >>> 3) + i]!);
  return form === 'constant'
    ? Vector.constant(TIMESTAMP, length, out, validity)
    : Vector.flat(TIMESTAMP, length, out, validity);
}
