import { RayexecError } from '../../common/errors.ts';
import { didYouMean } from '../../common/suggest.ts';

/** Units of dates and times, as `extract`, `date_trunc` and `date_diff` name them. */
export type DateUnit = keyof typeof UNITS;

/** The number of a unit in the kernels of assembly/dates.ts (those below `epoch`), and its other names. */
const UNITS = {
  year: [0, 'yr', 'y', 'years', 'yrs'],
  month: [1, 'mon', 'months', 'mons'],
  day: [2, 'days', 'd', 'dayofmonth'],
  decade: [3, 'dec', 'decades', 'decs'],
  century: [4, 'cent', 'centuries', 'c'],
  millennium: [5, 'mil', 'millenniums', 'millennia', 'mils', 'millenium'],
  quarter: [6, 'quarters'],
  week: [7, 'weeks', 'w', 'weekofyear'],
  isoyear: [8],
  yearweek: [9],
  dow: [10, 'dayofweek', 'weekday'],
  isodow: [11],
  doy: [12, 'dayofyear'],
  era: [13],
  hour: [14, 'hr', 'hours', 'hrs', 'h'],
  minute: [15, 'min', 'minutes', 'mins', 'm'],
  second: [16, 'sec', 'seconds', 'secs', 's'],
  millisecond: [17, 'ms', 'msec', 'msecs', 'milliseconds', 'msecond', 'mseconds'],
  microsecond: [18, 'us', 'usec', 'usecs', 'microseconds', 'usecond', 'useconds'],
  epoch: [19],
  julian: [20, 'jd'],
  timezone: [21],
  timezone_hour: [22],
  timezone_minute: [23],
} as const;

/** The kernels' number of a unit; from 19 on the kernels don't know it. */
export const unitNumber = (unit: DateUnit): number => UNITS[unit][0];

/** The last unit that the kernels know. */
export const LAST_KERNEL_UNIT = unitNumber('microsecond');

const names = new Map<string, DateUnit>();
for (const [unit, [, ...others]] of Object.entries(UNITS)) {
  for (const name of [unit, ...others]) names.set(String(name), unit as DateUnit);
}

/** The unit of a name in any case; undefined when there is none. */
export const findUnit = (name: string): DateUnit | undefined => names.get(name.toLowerCase());

/** @throws RayexecError `invalid-argument` when no unit has that name */
export function unitNamed(name: string): DateUnit {
  const unit = findUnit(name);
  if (unit !== undefined) return unit;
  const hint = didYouMean(
    name.toLowerCase(),
    [...names.keys()].filter(n => n.length > 2),
  );
  throw new RayexecError('invalid-argument', `there is no date part "${name}"`, { hint });
}
