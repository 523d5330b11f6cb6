import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Any, connect, type Database } from '../../../frontends/index.ts';

let db: Database<Any>;
beforeAll(() => {
  db = connect<Any>({ threads: 0 });
});
afterAll(() => db.close());

test('asofJoin finds the nearest row, in either direction; its SQL gives the same', async () => {
  await db.execute("create table trades as from (values ('a', 10), ('a', 20), ('b', 5), ('c', 1)) t(symbol, at)");
  await db.execute(
    "create table quotes as from (values ('a', 9, 1), ('a', 20, 2), ('b', 6, 3)) q(symbol, time, price)",
  );
  const [trades, quotes] = [db.table('trades'), db.table('quotes')];
  const before = trades.asofJoin(quotes, { on: { at: 'time' }, by: 'symbol' });
  const rows = [
    { symbol: 'a', at: 10, time: 9, price: 1 },
    { symbol: 'a', at: 20, time: 20, price: 2 },
    { symbol: 'b', at: 5, time: null, price: null },
    { symbol: 'c', at: 1, time: null, price: null },
  ];
  const sorted = before.sort('symbol', 'at');
  expect(await sorted.collect()).toEqual(rows);
  for (const classic of [false, true]) expect(await db.sql(sorted.toSQL({ classic })).collect()).toEqual(rows);
  const after = trades.asofJoin(quotes, { on: { at: 'time' }, by: 'symbol', direction: 'forward' });
  const times = await after.sort('symbol', 'at').select('time').collect();
  expect(times.map(r => r['time'])).toEqual([20, 20, 6, null]);
});

type Trade = { readonly symbol: string; readonly at: number | null };
type Quote = { readonly symbol: string; readonly time: number | null };
type Options = { readonly direction: 'backward' | 'forward' | 'nearest'; readonly tolerance: number | undefined };

/** The time of the quote that a trade is matched with, by looking at all of them. */
function matched(trade: Trade, quotes: readonly Quote[], { direction, tolerance }: Options): number | null {
  const distances = quotes
    .filter(q => q.symbol === trade.symbol && q.time !== null && trade.at !== null)
    .map(q => q.time! - trade.at!)
    .filter(d => (direction === 'backward' ? d <= 0 : direction === 'forward' ? d >= 0 : true))
    .filter(d => tolerance === undefined || Math.abs(d) <= tolerance)
    .sort((a, b) => Math.abs(a) - Math.abs(b) || a - b);
  return distances[0] === undefined ? null : trade.at! + distances[0];
}

test('asofJoin finds what a search finds, in every direction and within every tolerance', {
  timeout: 120_000,
}, async () => {
  const symbol = fc.constantFrom('a', 'b', 'c');
  const time = fc.option(fc.integer({ min: 0, max: 20 }));
  const sides = fc.record({
    trades: fc.array(fc.record({ symbol, at: time }), { minLength: 1, maxLength: 8 }),
    quotes: fc.array(fc.record({ symbol, time }), { minLength: 1, maxLength: 8 }),
    direction: fc.constantFrom('backward', 'forward', 'nearest'),
    tolerance: fc.option(fc.integer({ min: 0, max: 6 }), { nil: undefined }),
  });
  await fc.assert(
    fc.asyncProperty(sides, async ({ trades, quotes, direction, tolerance }) => {
      const schema = { symbol: 'string', at: 'int32?', id: 'int32' } as const;
      const left = db.from(
        trades.map((t, id) => ({ ...t, id })),
        { schema },
      );
      const right = db.from(
        quotes.map((q, i) => ({ ...q, price: i })),
        {
          schema: { symbol: 'string', time: 'int32?', price: 'int32' },
        },
      );
      const options = { direction, ...(tolerance === undefined ? {} : { tolerance }) };
      const joined = left.asofJoin(right, { on: { at: 'time' }, by: 'symbol', ...options }).sort('id');
      const rows = await joined.collect();
      expect(rows.map(r => r.time)).toEqual(trades.map(t => matched(t, quotes, { direction, tolerance })));
      for (const { symbol: s, time: t, price } of rows) {
        if (price !== null) expect(quotes[price]).toEqual({ symbol: s, time: t });
      }
      expect(Object.keys(rows[0]!)).toEqual(['symbol', 'at', 'id', 'time', 'price']);
      for (const classic of [false, true]) expect(await db.sql(joined.toSQL({ classic })).collect()).toEqual(rows);
    }),
    { numRuns: 60 },
  );
});

test('tolerances of times are durations', async () => {
  const trades = db.from([{ at: new Date('2024-01-01T12:00:00Z') }, { at: new Date('2024-01-03T00:00:00Z') }]);
  const quotes = db.from([{ time: new Date('2024-01-01T12:04:00Z') }, { time: new Date('2024-01-01T11:50:00Z') }]);
  const near = (tolerance: { readonly minutes: number }) =>
    trades
      .asofJoin(quotes, { on: { at: 'time' }, direction: 'nearest', tolerance })
      .sort('at')
      .values('time');
  expect(await near({ minutes: 5 })).toEqual([new Date('2024-01-01T12:04:00Z'), null]);
  expect(await near({ minutes: 3 })).toEqual([null, null]);
  const dates = db.sql<{ at: 'date' }>("SELECT DATE '2024-02-28' AS at");
  const days = db.sql<{ day: 'date' }>("SELECT DATE '2024-03-01' AS day");
  const within = (tolerance: { readonly days: number }) =>
    dates.asofJoin(days, { on: { at: 'day' }, direction: 'forward', tolerance }).values('day');
  expect(await within({ days: 2 })).toEqual([new Date('2024-03-01')]);
  expect(await within({ days: 1 })).toEqual([null]);
});

test('asofJoin refuses what has no meaning', () => {
  const frame = db.from([{ at: 1, k: 'a' }]);
  const join = (options: object) => () => frame.asofJoin(frame, options as never);
  expect(join({ on: 'at', direction: 'up' })).toThrow("there is no direction 'up'");
  expect(join({ on: 'at', tolerance: -1 })).toThrow('a tolerance of -1 lets nothing match');
  expect(join({ on: 'when' })).toThrow("there is no column 'when' on the left side");
  expect(join({ on: 'at', by: 'kk', direction: 'nearest' })).toThrow("there is no column 'kk' on the left side");
});
