import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Any, connect, type Database } from '../../frontends/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'rayexec-small-'));
const path = (name: string): string => join(folder, `${name}.parquet`);
let here: Database<Any>;
let apart: Database<Any>;

beforeAll(async () => {
  here = connect({ threads: 0 });
  apart = connect({ threads: 0 });
  await here.execute(`
    COPY (SELECT range % 500 AS k, range AS v FROM range(50000)) TO '${path('facts')}' (FORMAT parquet, ROW_GROUP_SIZE 4096);
    COPY (SELECT range AS k, range % 9 AS g FROM range(400)) TO '${path('dims')}' (FORMAT parquet);
    COPY (SELECT range AS g, 'group ' || range AS name FROM range(8)) TO '${path('groups')}' (FORMAT parquet);
    COPY (SELECT range AS k FROM range(30000)) TO '${path('large')}' (FORMAT parquet)`);
  for (const db of [here, apart]) {
    for (const name of ['facts', 'dims', 'groups', 'large']) {
      await db.execute(`CREATE VIEW ${name} AS SELECT * FROM '${path(name)}'`);
    }
    await db.execute('CREATE TABLE held AS SELECT range AS k FROM range(100)');
  }
  await apart.execute('SET separate_memory = true; SET partitions = 4');
});
afterAll(async () => {
  await here.close();
  await apart.close();
  rmSync(folder, { recursive: true, force: true });
});

async function stages(sql: string): Promise<string> {
  return String((await apart.execute(`EXPLAIN (STAGES) ${sql}`)).raw.column(1)[0]);
}

test.each([
  ['a small file', 'SELECT sum(v) FROM facts JOIN dims USING (k) WHERE g = 1'],
  ['a join of small files', 'SELECT name, sum(v) FROM facts JOIN dims USING (k) JOIN groups USING (g) GROUP BY name'],
  ['for conditions without equal keys', 'SELECT count(*) FROM facts JOIN groups ON v < g'],
  ['where it matters whether a value is missing', 'SELECT v FROM facts WHERE k NOT IN (SELECT k FROM dims)'],
])('each task reads %s by itself', async (_, sql) => {
  const text = await stages(sql);
  expect(text).toContain('tasks read: all rows');
  expect(text).not.toContain('broadcast');
  expect((await apart.execute(`${sql} ORDER BY ALL`)).rows()).toEqual(
    (await here.execute(`${sql} ORDER BY ALL`)).rows(),
  );
});

test.each([
  ['larger files', 'SELECT count(*) FROM facts JOIN large USING (k)'],
  ['tables in memory', 'SELECT count(*) FROM facts JOIN held USING (k)'],
  [
    'values that differ each time',
    'SELECT count(*) FROM facts JOIN (SELECT k FROM dims WHERE random() < 0.5) USING (k)',
  ],
  ['some of the rows', 'SELECT count(*) FROM facts JOIN (SELECT k FROM dims LIMIT 5) USING (k)'],
])('%s are sent', async (_, sql) => {
  const text = await stages(sql);
  expect(text).not.toContain('tasks read: all rows');
  expect(text).toContain('broadcast');
});

test('nothing is read by all where nothing is to be sent to all', async () => {
  await apart.execute('SET broadcast_rows = 0');
  expect(await stages('SELECT sum(v) FROM facts JOIN dims USING (k)')).not.toContain('all rows');
  await apart.execute('RESET broadcast_rows');
});
