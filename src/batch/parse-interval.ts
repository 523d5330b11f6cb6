import type { RawInterval } from '../types/raw-value.ts';

const HOUR = 3_600_000_000;
const DAYS_PER_MONTH = 30;
const MICROS_PER_DAY = 24 * HOUR;
const MOST_MONTHS_OR_DAYS = 2_147_483_647;

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
  let micros = 0n;
  let rest = text.trim().replace(/^@\s*/, '');
  const ago = /\sago$/i.test(rest);
  if (ago) rest = rest.replace(/\s+ago$/i, '');
  if (rest === '') return undefined;
  const all = rest;
  while (rest !== '') {
    const time = /^([+-]?)(\d+):(\d{1,2})(?::(\d{1,2})(\.\d*)?)?(?:\s+|$)/.exec(rest);
    if (time !== null) {
      const [whole, sign, h, m, s = '0', fraction = ''] = time;
      if (Number(m) > 59 || Number(s) > 59) return undefined;
      const seconds = BigInt(h!) * 3600n + BigInt(Number(m) * 60 + Number(s));
      const ticks = seconds * 1_000_000n + BigInt(fraction.slice(1, 7).padEnd(6, '0'));
      micros += sign === '-' ? -ticks : ticks;
      rest = rest.slice(whole.length);
      continue;
    }
    const part = /^([+-]?)(\d+)(\.\d*)?\s*([a-z]*),?\s*/i.exec(rest);
    if (part === null) return undefined;
    const [, sign, digits, decimals = '', name = ''] = part;
    if (name === '' && part[0] !== all) return undefined;
    const unit = UNIT_OF.get((name || 'second').toLowerCase());
    if (unit === undefined) return undefined;
    const direction = sign === '-' ? -1 : 1;
    const amount = Number(`0${decimals}`) * unit[1];
    // A unit's fraction goes to the next smaller parts: 1.5 months are a month and 15 days.
    const whole = BigInt(digits!) * BigInt(unit[1]) + BigInt(Math.trunc(amount));
    const fraction = Number((amount % 1).toFixed(9));
    if (unit[0] === 'micros') micros += BigInt(direction) * (whole + BigInt(Math.round(fraction)));
    else if (whole > MOST_MONTHS_OR_DAYS) return undefined;
    else if (unit[0] === 'months') {
      months += direction * Number(whole);
      const inDays = fraction * DAYS_PER_MONTH;
      days += direction * Math.trunc(inDays);
      micros += BigInt(direction * Math.round((inDays - Math.trunc(inDays)) * MICROS_PER_DAY));
    } else {
      days += direction * Number(whole);
      micros += BigInt(direction * Math.round(fraction * MICROS_PER_DAY));
    }
    rest = rest.slice(part[0].length);
  }
  if (ago) [months, days, micros] = [-months, -days, -micros];
  if (Math.abs(months) > MOST_MONTHS_OR_DAYS || Math.abs(days) > MOST_MONTHS_OR_DAYS) return undefined;
  if (BigInt.asIntN(64, micros) !== micros) return undefined;
  // `+ 0` turns -0 into 0.
  return { months: months + 0, days: days + 0, micros };
}
