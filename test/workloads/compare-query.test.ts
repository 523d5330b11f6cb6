import { describe, expect, test } from 'vitest';
import { type Engine, rayexec } from '../support/answering-engines.ts';
import { compareQuery } from './compare-query.ts';

const ROWS = "VALUES (1, 'a', 0.5e0), (2, 'b', 0.25e0), (2, 'c', 0.75e0), (3, NULL, 1e0)";

/** An engine over a table t of other rows or in another order, or one that is asked other texts. */
async function engine(rows: string, rewrite: (sql: string) => string = sql => sql): Promise<Engine> {
  const made = await rayexec([]);
  await made.run(`CREATE TABLE t AS SELECT * FROM (${rows}) t(k, s, d)`);
  return { ...made, query: sql => made.query(rewrite(sql)) };
}

async function difference(sql: string, theirs: Engine): Promise<string | undefined> {
  const ours = await engine(ROWS);
  const comparison = await compareQuery(sql, ours, theirs);
  await ours.close();
  await theirs.close();
  return comparison.difference;
}

describe('answers agree', () => {
  test('in any order of rows without ORDER BY', async () => {
    expect(await difference('SELECT * FROM t', await engine(`${ROWS} ORDER BY 1 DESC, 2`))).toBeUndefined();
  });

  test('in any order of rows whose keys tie', async () => {
    const other = await engine(`${ROWS} ORDER BY 2 DESC`);
    expect(await difference('SELECT k, s FROM t ORDER BY k', other)).toBeUndefined();
    expect(await difference('SELECT s FROM t ORDER BY k', await engine(`${ROWS} ORDER BY 2 DESC`))).toBeUndefined();
  });

  test('on whichever of the ties LIMIT takes', async () => {
    const last = (sql: string): string => sql.replace('BY k LIMIT', 'BY k, s DESC LIMIT');
    expect(await difference('SELECT k, s FROM t ORDER BY k LIMIT 2', await engine(ROWS, last))).toBeUndefined();
    expect(await difference('SELECT s FROM t LIMIT 2', await engine(`${ROWS} ORDER BY 2 DESC`))).toBeUndefined();
  });

  test('on floats within the tolerance', async () => {
    const other = await engine(ROWS.replace('0.75e0', '0.7500000000000001e0'));
    expect(await difference('SELECT * FROM t', other)).toBeUndefined();
  });
});

describe('answers differ', () => {
  const same = () => engine(ROWS);
  test.each([
    ['by a value', 'SELECT * FROM t', () => engine(ROWS.replace("'c'", "'d'"))],
    ['by NULL', 'SELECT * FROM t', () => engine(ROWS.replace('NULL', "'NULL'"))],
    ['by a float', 'SELECT * FROM t', () => engine(ROWS.replace('0.75e0', '0.7501e0'))],
    ['by how often a row comes', 'SELECT k FROM t', () => engine(ROWS.replace('(3', '(1'))],
    ['by the number of rows', 'SELECT k FROM t', () => engine(`${ROWS}, (3, 'e', 1e0)`)],
    ['by a type', 'SELECT k FROM t', () => engine(ROWS, () => 'SELECT k::BIGINT FROM t')],
    ['by the order', 'SELECT k FROM t ORDER BY k', () => engine(ROWS, () => 'SELECT k FROM t ORDER BY k DESC')],
    [
      'by the order of a key that does not come out',
      'SELECT s FROM t ORDER BY k',
      () => engine(ROWS, sql => sql.replace('ORDER BY k', 'ORDER BY k DESC')),
    ],
    [
      'by a row under LIMIT that ORDER BY rules out',
      'SELECT k, s FROM t ORDER BY k LIMIT 2',
      () => engine(ROWS, sql => sql.replace('SELECT k, s', "SELECT k, 'x' AS s")),
    ],
    ['behind HAVING', 'SELECT k FROM t GROUP BY k HAVING count(*) > 9', () => engine(ROWS.replace('(3', '(4'))],
    ['behind OFFSET', 'SELECT k FROM t ORDER BY k LIMIT 1 OFFSET 9', () => engine(ROWS.replace('(3', '(4'))],
    ['because DuckDB fails', 'SELECT k FROM t', () => engine(ROWS, () => 'SELECT nothing')],
    ['because rayexec fails', 'SELECT nothing FROM t', same],
  ])('%s', async (_, sql, theirs) => {
    expect(await difference(sql, await theirs())).toBeTypeOf('string');
  });
});
