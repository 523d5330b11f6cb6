import { expect, it } from 'vitest';
import { type Any, connect, lit } from '../../frontends/index.ts';

// What a program may give is what it declares, for the compiler alone: test/types/declarations.test.ts.
const open = (values: object) => connect({ threads: 0, values: values as Any });
const QUERY = "SELECT 9007199254740993 AS n, 1.50::DECIMAL(9, 2) AS d, DATE '2024-05-06' AS day, [1::BIGINT] AS l";
const ROW = { n: 9007199254740993n, d: '1.50', day: '2024-05-06', l: [1n] };

it('rows of all frames hold values as the connection says', async () => {
  await using db = open({ int64: 'bigint', decimal: 'string', date: 'string' });
  const frame = db.sql<Any>(QUERY);
  expect(await frame.collect()).toEqual([ROW]);
  expect(await frame.first()).toEqual(ROW);
  expect(await frame.one()).toEqual(ROW);
  expect(await frame.values('n')).toEqual([ROW.n]);
  expect(await frame.toColumns()).toEqual({ n: [ROW.n], d: [ROW.d], day: [ROW.day], l: [ROW.l] });
  for await (const batch of frame.stream()) {
    expect(batch.rows()).toEqual([ROW]);
    expect(batch.column('n')).toEqual([ROW.n]);
  }
  const schema = { '~standard': { version: 1, vendor: 'test', validate: (value: unknown) => ({ value }) } } as const;
  expect(await frame.withSchema(schema).collect()).toEqual([ROW]);
  expect(await db.transaction(tx => tx.sql(QUERY).collect())).toEqual([ROW]);
  expect(await frame.count()).toBe(1);
});

it('calls have the last word', async () => {
  await using db = open({ int64: 'bigint', date: 'days' });
  const frame = db.sql<Any>("SELECT 5::BIGINT AS n, DATE '1970-01-03' AS day");
  expect(await frame.collect({ int64: 'string' })).toEqual([{ n: '5', day: 2 }]);
  for await (const batch of frame.stream({ int64: 'number' })) expect(batch.rows()).toEqual([{ n: 5, day: 2 }]);
});

it('functions of the program get numbers and dates as ever', async () => {
  await using db = open({ int64: 'string', date: 'string' });
  const next = db.udf('next', ['int64', 'date'], 'int64', (n, day) => n + day.getUTCDate());
  const frame = db.from([{ x: 1n }]).select(t => ({ n: next(t.x, lit('1970-01-03').cast('date')) }));
  expect(await frame.collect()).toEqual([{ n: '4' }]);
});

it('what there is not is said at once', () => {
  expect(() => open({ int46: 'bigint' })).toThrow(
    "connect({ values }): there is no option 'int46'\nhint: did you mean 'int64'?",
  );
  expect(() => open({ date: 'iso' })).toThrow(
    "connect({ values }): date is 'date', 'string', 'temporal', 'days', not 'iso'",
  );
});
