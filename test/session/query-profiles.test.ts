import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect } from '../../frontends/index.ts';

const db = connect({ threads: 0 });
afterAll(() => db.close());

const valuesOf = async (sql: string): Promise<unknown[][]> => {
  const { raw } = await db.execute(sql);
  return Array.from({ length: raw.rowCount }, (_, r) => raw.schema.map((_f, c) => raw.column(c)[r] ?? null));
};

describe('profiles of queries', () => {
  beforeAll(async () => {
    await db.execute('SELECT 1');
    await db.execute('SET enable_profiling = true');
    await db.execute('SELECT i % 3 AS g, count(*) FROM range(1000) t(i) WHERE i > 10 GROUP BY g');
    await db.execute('SET enable_profiling = false');
  });

  test('query_info() has the queries that ran meanwhile, and no others', async () => {
    expect(await valuesOf('SELECT query_id, query, row_count, milliseconds > 0 FROM query_info()')).toEqual([
      [1, 'SELECT i % 3 AS g, count(*) FROM range(1000) t(i) WHERE i > 10 GROUP BY g', 3n, true],
    ]);
  });

  test('planning_profile() and optimizer_profile() say what came before', async () => {
    expect(await valuesOf('SELECT step FROM planning_profile() WHERE milliseconds >= 0 ORDER BY position')).toEqual([
      ['plan'],
      ['execute'],
    ]);
    const rules = (await valuesOf('SELECT rule FROM optimizer_profile()')).flat();
    expect(rules.length).toBeGreaterThan(0);
    const known = (await valuesOf('SELECT name FROM duckdb_optimizers()')).flat();
    expect(rules.filter(rule => !known.includes(rule))).toEqual([]);
  });

  test('execution_profile() has rows and times of operators', async () => {
    const rows = await valuesOf(
      "SELECT operator, sum(row_count)::INT FROM execution_profile() WHERE milliseconds >= 0 AND operator IN ('scan', 'hash-aggregate') GROUP BY ALL ORDER BY ALL",
    );
    expect(rows.map(r => r[0])).toEqual(['hash-aggregate', 'scan']);
    expect(rows[0]![1]).toBe(3);
  });
});
