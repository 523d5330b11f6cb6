import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { type Any, connect, type DataFrame } from '../../frontends/index.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Lets the engine forget what nobody can reach: finalizers run in a task of their own. */
async function forget(): Promise<void> {
  collectGarbage();
  await new Promise(done => setTimeout(done, 1));
}

it('rows of frames that are gone give their memory back', { timeout: 60_000 }, async () => {
  await using db = connect({ threads: 0, memoryLimit: 32 << 20 });
  const kept = db.fromColumns({ x: new Float64Array(1000).fill(2) }).filter(t => t.x.gt(1));
  const sum = async (frame: DataFrame<Any>): Promise<Any> => (await frame.agg((t: Any) => ({ s: t.x.sum() })).one()).s;
  // 80 MB in all.
  for (let i = 0; i < 20; i++) {
    expect(await sum(db.fromColumns({ x: new Float64Array(500_000).fill(i) }) as Any)).toBe(500_000 * i);
    await forget();
  }
  // What was made of a frame keeps its rows.
  expect(await kept.count()).toBe(1000);
  const sql = kept.toSQL();
  expect(await db.sql(sql).count()).toBe(1000);
});

it('rows that a query reads stay till it ends, whoever holds the frame', { timeout: 60_000 }, async () => {
  await using db = connect({ threads: 0 });
  const rows = db.fromColumns({ x: new Float64Array(300_000).fill(1) }).stream({ batchRows: 1000 });
  let seen = 0;
  for await (const batch of rows) {
    if (seen % 20_000 === 0) await forget();
    for (const x of batch.column('x')) seen += x;
  }
  expect(seen).toBe(300_000);
});

it('SQL of a frame that is gone says so', { timeout: 60_000 }, async () => {
  await using db = connect({ threads: 0 });
  const sqlOf = (): string => db.fromColumns({ x: [1, 2] }).toSQL();
  const sql = sqlOf();
  await db.sql('SELECT 1 AS one').collect();
  let error: unknown;
  for (let i = 0; i < 50 && error === undefined; i++) {
    await forget();
    error = await db
      .sql(sql)
      .collect()
      .then(
        () => undefined,
        (e: Error) => e.message,
      );
  }
  expect(error).toMatch('The data of this frame is gone');
});
