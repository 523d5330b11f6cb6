import { RayexecError } from '../../common/errors.ts';
import type { Json } from '../../common/json.ts';
import { addInterval, directionOf, isInfinite } from '../../types/add-interval.ts';
import { MICROS_PER_DAY } from '../../types/calendar.ts';
import { type DataType, TIMESTAMP, TIMESTAMPTZ } from '../../types/data-type.ts';
import { type RawInterval, scalarToRaw } from '../../types/raw-value.ts';
import type { Scalar } from '../../types/scalar.ts';

/** A series of timestamps: where it starts, and by what it goes on; micros as digits. */
export type InstantSeries = {
  readonly from: string;
  readonly months: number;
  readonly days: number;
  readonly micros: string;
  readonly count: number;
};

/** More timestamps than this are a mistake (and would take long to count). */
const MAX_INSTANTS = 10_000_000;

/** The series of timestamps from a start to a stop in steps of an interval. @throws RayexecError `bind` */
export function instants(
  name: string,
  args: readonly Scalar[],
  inclusive: boolean,
): { readonly type: DataType; readonly count: number; readonly state: Json } {
  const [first, last, by] = args;
  if (first === undefined || last === undefined || by === undefined || by.type.kind !== 'interval') {
    throw new RayexecError('bind', `${name} over timestamps takes a start, a stop and an interval`);
  }
  const start = microsOf(name, first);
  const stop = microsOf(name, last);
  if (isInfinite(start) || isInfinite(stop))
    throw new RayexecError('bind', `${name} over timestamps starts and stops at finite ones`);
  const step = scalarToRaw(by) as RawInterval;
  const forward = checkedDirection(name, step);
  let count = 0;
  for (let at = start; (forward ? at < stop : at > stop) || (inclusive && at === stop); at = addInterval(at, step)) {
    if (++count > MAX_INSTANTS) throw new RayexecError('bind', `${name} makes more than ${MAX_INSTANTS} timestamps`);
  }
  const zone = [first, last].some(a => a.type.kind === 'timestamp' && a.type.zone);
  const { months, days, micros } = step;
  const state: InstantSeries = { from: String(start), months, days, micros: String(micros), count };
  return { type: zone ? TIMESTAMPTZ : TIMESTAMP, count, state };
}

function checkedDirection(name: string, step: RawInterval): boolean {
  const direction = directionOf(step);
  if (direction === undefined) throw new RayexecError('bind', `the step of ${name} goes both ways`);
  if (direction === 0) throw new RayexecError('bind', `the step of ${name} is 0`);
  return direction > 0;
}

function microsOf(name: string, { type, value }: Scalar): bigint {
  if (type.kind === 'date') return BigInt(value as number) * MICROS_PER_DAY;
  if (type.kind === 'timestamp') {
    const count = BigInt(value as string);
    return type.unit === 's'
      ? count * 1_000_000n
      : type.unit === 'ms'
        ? count * 1000n
        : type.unit === 'ns'
          ? count / 1000n
          : count;
  }
  throw new RayexecError('bind', `${name} in steps of an interval starts and stops at dates or timestamps`);
}
