import type { TimestampUnit } from './data-type.ts';

/** Ticks per second of a timestamp's unit. */
export const UNITS_PER_SECOND: Readonly<Record<TimestampUnit, bigint>> = {
  s: 1n,
  ms: 1000n,
  us: 1_000_000n,
  ns: 1_000_000_000n,
};
