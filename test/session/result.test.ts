import { tableToIPC } from 'apache-arrow';
import { afterAll, expect, test } from 'vitest';
import { connect } from '../../frontends/index.ts';

const db = connect({ threads: 0 });
afterAll(() => db.close());

const EVERYTHING = `
  SELECT * FROM (VALUES
    (1, 9007199254740993, 99999999999999999999999999999999999999::HUGEINT, 1.25::DECIMAL(38, 10), 1.5::DOUBLE, true, 'ä',
     DATE '2024-02-29', TIMESTAMP '2024-02-29 12:00:00.123456', [1, NULL], {'a': 1, 'b': 'x'}, MAP {'k': 1}, 'x'::BLOB),
    (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL))
  t(i, b, h, d, f, o, s, day, at, l, st, m, bin)`;

test('a result as an Arrow table is the one of the same query as a frame', async () => {
  for (const sql of [EVERYTHING, `${EVERYTHING} LIMIT 0`, 'SELECT range AS x FROM range(5000)']) {
    const [result, frame] = [await (await db.execute(sql)).toArrow(), await db.sql(sql).toArrow()];
    const rows = (table: unknown): string => String((table as { toArray(): unknown[] }).toArray().map(String));
    expect(rows(result)).toBe(rows(frame));
    const types = (table: unknown): string => String((table as { schema: unknown }).schema);
    expect(types(result)).toBe(types(frame));
    // A HUGEINT is a decimal in Arrow.
    const values = { int64: 'bigint', decimal: 'string' } as const;
    const back = db.fromArrow(tableToIPC(result as Parameters<typeof tableToIPC>[0]));
    const read = async (frame: typeof back): Promise<unknown[]> =>
      (await frame.collect(values)).map(({ h: _, ...others }) => others);
    expect(await read(back)).toEqual(await read(db.sql(sql)));
  }
});

test('names may repeat in a result, and statements without rows have an Arrow table too', async () => {
  const twice = await (await db.execute('SELECT 1 AS a, 2 AS a')).toArrow();
  expect((twice as unknown as { schema: { fields: { name: string }[] } }).schema.fields.map(f => f.name)).toEqual([
    'a',
    'a',
  ]);
  const none = await (await db.execute('CREATE TABLE t (x INTEGER)')).toArrow();
  expect(none.numRows).toBe(0);
});
