import { afterAll, beforeAll, expect, it } from 'vitest';
import { connect, type Database } from '../../frontends/index.ts';

let db: Database;
beforeAll(() => {
  db = connect({ threads: 0 });
});
afterAll(() => db.close());

const LONG = 'SELECT count(*) AS n FROM range(100000) a(i), range(100000) b(j) WHERE (i * j) % 7 = 3';

it('ends whatever runs a query', async () => {
  const long = db.sql(LONG);
  const rows = db.sql('SELECT i FROM range(100000) a(i), range(100000) b(j) WHERE (i * j) % 7 = 3');
  const options = { timeout: 20 };
  const runs: (() => Promise<unknown>)[] = [
    () => long.collect(options),
    () => long.first(options),
    () => long.one(options),
    () => rows.count(options),
    () => long.values('n', options),
    () => long.toColumns(options),
    () => long.toArrow(options),
    () => long.show(5, options),
    () => long.explain({ analyze: true, ...options }),
    () => long.explain({ html: true, ...options }),
    () => long.writeParquet('/tmp/rayexec-time-out.parquet', options),
    () => db.execute(LONG, undefined, options),
    async () => {
      for await (const _ of long.stream(options));
    },
  ];
  for (const run of runs) await expect(run(), String(run)).rejects.toMatchObject({ code: 'timeout' });
  const stopped = { timeout: 60_000, signal: AbortSignal.abort() };
  await expect(long.collect(stopped)).rejects.toMatchObject({ code: 'cancelled' });
});

it('leaves what is in time alone, and refuses what is no time', async () => {
  expect(await db.sql('SELECT 1 AS x').collect({ timeout: 60_000 })).toEqual([{ x: 1 }]);
  await expect(db.sql('SELECT 1 AS x').collect({ timeout: -1 })).rejects.toMatchObject({ code: 'invalid-argument' });
  await expect(db.sql('SELECT 1 AS x').collect({ timeout: Number.NaN })).rejects.toMatchObject({
    code: 'invalid-argument',
  });
});
