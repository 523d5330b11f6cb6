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
