import { RayexecError } from '../../common/errors.ts';
import { MICROS_PER_DAY } from '../../types/calendar.ts';

/** Microseconds of a time of day; seconds round to them. @throws RayexecError `invalid-argument` */
export function timeOfDay(hour: bigint, minute: bigint, second: number): bigint {
  const isTime = hour >= 0n && hour <= 24n && minute >= 0n && minute < 60n && second >= 0 && second <= 60;
  const micros = isTime ? (hour * 60n + minute) * 60_000_000n + BigInt(Math.round(second * 1e6)) : -1n;
  if (isTime && micros <= MICROS_PER_DAY) return micros;
  throw new RayexecError('invalid-argument', `${hour}:${minute}:${second} is no time`);
}
