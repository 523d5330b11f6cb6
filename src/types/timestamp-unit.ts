import type { TimestampUnit } from './data-type.ts';

/** Ticks per second of a timestamp's unit. */
export const UNITS_PER_SECOND: Readonly<Record<TimestampUnit, bigint>> = {
  s: 1n,
  ms: 1000n,
  us: 1_000_000n,
  ns: 1_000_000_000n,
};

/** Ticks of one unit in another, given as ticks per second; to a coarser one rounded half away from zero. */
export function rescaleTicks(ticks: bigint, from: bigint, to: bigint): bigint {
  if (to >= from) return ticks * (to / from);
  const step = from / to;
  return (ticks < 0n ? ticks - step / 2n : ticks + step / 2n) / step;
}
