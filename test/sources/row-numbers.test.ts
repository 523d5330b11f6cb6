import { afterAll, beforeAll, expect, it } from 'vitest';
import { connect, type Database } from '../../frontends/index.ts';
import { TestFiles } from './file-cases.ts';

const files = new TestFiles();
const [one, two] = [files.path('numbers-1.parquet'), files.path('numbers-2.parquet')];
const both = `'${files.path('numbers-*.parquet')}'`;
let db: Database;

beforeAll(async () => {
  db = connect({ threads: 0 });
  await db.execute(`COPY (SELECT range * 2 AS a, range % 7 AS b FROM range(1000)) TO '${one}' (ROW_GROUP_SIZE 128)`);
  await db.execute(`COPY (SELECT range + 5000 AS a, 3 AS b FROM range(10)) TO '${two}' (ROW_GROUP_SIZE 4)`);
});

afterAll(() => db.close());

const rows = async (sql: string): Promise<readonly unknown[]> =>
  (await db.sql(sql).collect()).map(r => Object.values(r));

it.each(['batch_size = 8192', 'batch_size = 3', 'partitions = 4', 'separate_memory = true'])(
  'rows of Parquet files have their numbers, with %s',
  async setting => {
    await db.execute(`SET ${setting}`);
    expect(await rows(`SELECT count(*)::INT, sum(_rowid)::INT, bool_and(a = 2 * _rowid) FROM '${one}'`)).toEqual([
      [1000, 499_500, true],
    ]);
    expect(await rows(`SELECT _rowid, a FROM '${one}' WHERE b = 3 AND _rowid BETWEEN 125 AND 140 ORDER BY a`)).toEqual([
      [129, 258],
      [136, 272],
    ]);
    expect(await rows(`SELECT a, file_row_number FROM ${both} WHERE _rowid >= 8 AND a > 4999 ORDER BY a`)).toEqual([
      [5008, 8],
      [5009, 9],
    ]);
    expect(await rows(`SELECT * FROM '${two}' WHERE _rowid = 7`)).toEqual([[5007, 3]]);
    await db.execute(`RESET ${setting.split(' ')[0]}`);
  },
);

it('the numbers have statistics', async () => {
  const plan = await db.sql(`SELECT a FROM '${one}' WHERE _rowid = 500`).explain({ analyze: true });
  expect(plan).toContain('~1 rows');
  expect(await rows(`SELECT max(_rowid)::INT, min(_rowid)::INT FROM '${one}'`)).toEqual([[999, 0]]);
});

it('parts of a large row group count on', async () => {
  const large = files.path('large.parquet');
  await db.execute(`COPY (SELECT range AS a FROM range(700000)) TO '${large}' (ROW_GROUP_SIZE 1000000)`);
  expect(await rows(`SELECT count(*)::INT, bool_and(a = _rowid) FROM '${large}' WHERE a % 3 = 0`)).toEqual([
    [233_334, true],
  ]);
});

it('USING joins by hidden columns, which are seen then', async () => {
  expect(
    await rows(`SELECT * FROM '${one}' x JOIN '${two}' y(c, d) USING (_rowid) WHERE _rowid > 7 ORDER BY 1`),
  ).toEqual([
    [8, 16, 1, 5008, 3],
    [9, 18, 2, 5009, 3],
  ]);
  expect(await rows(`SELECT count(*)::INT FROM '${one}' x JOIN '${two}' y USING (_filename)`)).toEqual([[0]]);
  expect(await rows(`SELECT count(*)::INT FROM '${two}' x NATURAL JOIN '${two}' y`)).toEqual([[10]]);
  const text = files.put('note.txt', 'hello');
  expect(await rows(`SELECT _rowid, content, _filename = filename FROM read_text('${text}')`)).toEqual([
    [0, 'hello', true],
  ]);
});
