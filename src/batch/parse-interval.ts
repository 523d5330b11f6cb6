import type { RawInterval } from '../types/raw-value.ts';

const HOUR = 3_600_000_000;
const DAYS_PER_MONTH = 30;
const MICROS_PER_DAY = 24 * HOUR;

/** What one of a unit is: months, days or micros. */
const UNITS: readonly (readonly [names: string, part: 'months' | 'days' | 'micros', amount: number])[] = [
  ['millennium millennia mil mils', 'months', 12_000],
  ['century centuries cent c', 'months', 1200],
  ['decade decades dec decs', 'months', 120],
  ['year years yr yrs y', 'months', 12],
  ['quarter quarters', 'months', 3],
  ['month months mon mons', 'months', 1],
  ['week weeks w', 'days', 7],
  ['day days d dayofmonth', 'days', 1],
  ['hour hours hr hrs h', 'micros', HOUR],
  ['minute minutes min mins m', 'micros', HOUR / 60],
  ['second seconds sec secs s', 'micros', 1_000_000],
  ['millisecond milliseconds msec msecs ms', 'micros', 1000],
  ['microsecond microseconds usec usecs us', 'micros', 1],
];

const UNIT_OF: ReadonlyMap<string, readonly ['months' | 'days' | 'micros', number]> = new Map(
  UNITS.flatMap(([names, part, amount]) => names.split(' ').map(name => [name, [part, amount] as const])),
);

/** Reads `1 year 2 days -03:04:05.5`, `3 weeks ago`, `1.5 months`; a number that is all there is counts seconds. */
export function parseInterval(text: string): RawInterval | undefined {
  let months = 0;
  let days = 0;
  let micros = 0;
  let rest = text.trim().replace(/^@\s*/, '');
  const ago = /\sago$/i.test(rest);
  if (ago) rest = rest.replace(/\s+ago$/i, '');
  if (rest === '') return undefined;
  const all = rest;
  while (rest !== '') {
    const time = /^([+-]?)(\d+):(\d{1,2})(?::(\d{1,2})(\.\d*)?)?(?:\s+|$)/.exec(rest);
    if (time !== null) {
      const [all, sign, h, m, s, fraction] = time;
      const total = Number(h) * HOUR + Number(m) * (HOUR / 60) + Number(s ?? 0) * 1_000_000;
      const ticks = total + Math.round(Number(`0${fraction ?? ''}`) * 1_000_000);
      micros += sign === '-' ? -ticks : ticks;
      rest = rest.slice(all.length);
      continue;
    }
    const part = /^([+-]?\d+(?:\.\d*)?)\s*([a-z]*),?\s*/i.exec(rest);
    if (part === null) return undefined;
    if (part[2] === '' && part[0] !== all) return undefined;
    const unit = UNIT_OF.get((part[2] || 'second').toLowerCase());
    if (unit === undefined) return undefined;
    const amount = Number(part[1]) * unit[1];
    const whole = Math.trunc(amount);
    // A unit's fraction goes to the next smaller parts: 1.5 months are a month and 15 days.
    const fraction = Number((amount - whole).toFixed(9));
    if (unit[0] === 'months') {
      months += whole;
      const inDays = fraction * DAYS_PER_MONTH;
      days += Math.trunc(inDays);
      micros += Math.round((inDays - Math.trunc(inDays)) * MICROS_PER_DAY);
    } else if (unit[0] === 'days') {
      days += whole;
      micros += Math.round(fraction * MICROS_PER_DAY);
    } else micros += Math.round(amount);
    rest = rest.slice(part[0].length);
  }
  const sign = ago ? -1 : 1;
  if (Math.abs(months) > 2_147_483_647 || Math.abs(days) > 2_147_483_647) return undefined;
  // `+ 0` turns -0 into 0.
  return { months: sign * months + 0, days: sign * days + 0, micros: BigInt(sign * micros) };
}
