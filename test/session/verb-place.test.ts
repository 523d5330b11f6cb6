import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Any, connect, type Database } from '../../frontends/index.ts';

let db: Database;
beforeAll(async () => {
  db = connect({ threads: 0 });
  await db.execute("COPY (SELECT 1 AS a, 'x' AS s) TO '/tmp/rayexec-verb-place.parquet'");
});
afterAll(() => db.close());

/** The place that an error names: verb and line of this file. */
async function placeIn(run: () => Promise<unknown>): Promise<string> {
  const error = await run().then(
    () => undefined,
    (e: Error) => e,
  );
  const [, verb, file] = /\(at \.(\w+), (.*):\d+:\d+\)/.exec(error!.message) ?? [];
  return `${verb} in ${file?.split('/').at(-1)}`;
}

it('errors that binding finds name the verb and its line', async () => {
  const file = () => db.parquet('/tmp/rayexec-verb-place.parquet') as Any;
  const wrong = () =>
    file()
      .filter((t: Any) => t.b.gt(1))
      .select('a')
      .limit(3);
  expect(await placeIn(() => wrong().collect())).toBe('filter in verb-place.test.ts');
  expect(await placeIn(() => wrong().check())).toBe('filter in verb-place.test.ts');
  expect(await placeIn(() => wrong().schema())).toBe('filter in verb-place.test.ts');
  expect(await placeIn(() => wrong().toArrow())).toBe('filter in verb-place.test.ts');
  expect(await placeIn(() => wrong().explain())).toBe('filter in verb-place.test.ts');
  expect(
    await placeIn(async () => {
      for await (const _ of wrong().stream());
    }),
  ).toBe('filter in verb-place.test.ts');
  const joined = () =>
    file()
      .join(
        file().withColumns((t: Any) => ({ c: t.s.add(1) })),
        'a',
      )
      .agg((t: Any) => ({ n: t.a.sum() }));
  expect(await placeIn(() => joined().collect())).toBe('withColumns in verb-place.test.ts');
  expect(await placeIn(() => file().groupBy('zz').count().collect())).toBe('agg in verb-place.test.ts');
});

it('the line is that of the call', async () => {
  const line = new Error().stack!.split('\n')[1]!.match(/:(\d+):\d+\)?$/)![1];
  const frame = (db.parquet('/tmp/rayexec-verb-place.parquet') as Any).select('missing');
  await expect(frame.collect()).rejects.toThrow(`verb-place.test.ts:${Number(line) + 1}:`);
});

it('errors in SQL keep their own place', async () => {
  const frame = (db.sql("SELECT b FROM '/tmp/rayexec-verb-place.parquet'") as Any).limit(1);
  await expect(frame.collect()).rejects.toThrow('line 1:8');
});
