import fc from 'fast-check';
import { expect, test } from 'vitest';
import { allRows } from '../../src/batch/batch.ts';
import { toClocks, toInstants } from '../../src/functions/date/zone-shift.ts';
import { TIMESTAMPTZ } from '../../src/types/data-type.ts';
import { TimeZone } from '../../src/types/time-zone.ts';
import { testContext, valuesOf, vectorOf } from '../support/engine.ts';

const NAMES = [
  'Europe/Berlin',
  'America/New_York',
  'Asia/Kolkata',
  'Africa/Casablanca',
  'Australia/Lord_Howe',
  'GMT-3',
];

/** What Intl says that clocks show at an instant of whole seconds. */
function intlClock(name: string, micros: bigint): bigint {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: name === 'GMT-3' ? 'Etc/GMT+3' : name,
    hourCycle: 'h23',
    era: 'short',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(Number(micros / 1000n));
  const of = (type: string): number => Number(parts.find(p => p.type === type)!.value);
  return BigInt(Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'))) * 1000n;
}

const seconds = (from: number, to: number): fc.Arbitrary<bigint> =>
  fc.integer({ min: from, max: to }).map(s => BigInt(s) * 1_000_000n);
/** Years 1800 to 2900: with local mean time, rules that changed, and rules for ever. */
const instants = seconds(-5_364_000_000, 29_348_000_000);

test('clocks show what Intl says', () => {
  fc.assert(
    fc.property(fc.constantFrom(...NAMES), instants, (name, at) => {
      expect(TimeZone.named(name).toClock(at)).toBe(intlClock(name, at));
    }),
    { numRuns: 300 },
  );
});

test('columns move as single values do, and back', () => {
  fc.assert(
    fc.property(fc.constantFrom(...NAMES), fc.array(instants, { minLength: 1, maxLength: 40 }), (name, values) => {
      const ctx = testContext();
      const zone = TimeZone.named(name);
      const rows = allRows(values.length);
      const clocks = toClocks(ctx, vectorOf(ctx, TIMESTAMPTZ, values), zone, rows);
      expect(valuesOf(ctx, clocks)).toEqual(values.map(v => zone.toClock(v)));
      const back = toInstants(ctx, clocks, zone, rows);
      expect(valuesOf(ctx, back)).toEqual(values.map(v => zone.toInstant(zone.toClock(v))));
    }),
    { numRuns: 200 },
  );
});

test('infinite instants stay, and what leaves the range is an error', () => {
  const ctx = testContext();
  const zone = TimeZone.named('Asia/Kolkata');
  const infinite = 9_223_372_036_854_775_807n;
  const values = vectorOf(ctx, TIMESTAMPTZ, [infinite, -infinite]);
  expect(valuesOf(ctx, toClocks(ctx, values, zone, allRows(2)))).toEqual([infinite, -infinite]);
  expect(() => toClocks(ctx, vectorOf(ctx, TIMESTAMPTZ, [infinite - 1n]), zone, allRows(1))).toThrow('out of range');
});

test('times that clocks leave out or show twice', () => {
  const zone = TimeZone.named('Europe/Berlin');
  const at = (text: string): bigint => BigInt(Date.parse(`${text}Z`)) * 1000n;
  expect(zone.toInstant(at('2024-03-31T02:30:00'))).toBe(at('2024-03-31T01:30:00'));
  expect(zone.toInstant(at('2024-10-27T02:30:00'))).toBe(at('2024-10-27T01:30:00'));
});

test.each(['Nowhere', '+03', '', 'GMT+99'])('%s is no zone', name => expect(TimeZone.find(name)).toBeUndefined());
