import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Any, connect, count, type Database, desc } from '../../../frontends/index.ts';

let db: Database<Any>;
beforeAll(async () => {
  db = connect<Any>({ threads: 0 });
  await db.execute('create table t (k int, v int); create table u (k int, v varchar, w int)');
});
afterAll(() => db.close());

const t = () => db.table('t' as never) as Any;
const u = () => db.table('u' as never) as Any;
const classic = (frame: Any): string => frame.toSQL({ classic: true });

describe('classic SQL', () => {
  test('filters, order and limit share a SELECT', () => {
    const frame = t()
      .filter((r: Any) => r.k.gt(1))
      .filter((r: Any) => r.v.isNotNull())
      .sort(desc('v'))
      .limit(3);
    expect(classic(frame)).toBe('SELECT * FROM t WHERE k > 1 AND v IS NOT NULL ORDER BY v DESC LIMIT 3');
    expect(
      classic(
        t()
          .limit(3)
          .filter((r: Any) => r.k.gt(1)),
      ),
    ).toBe('SELECT * FROM (SELECT * FROM t LIMIT 3) WHERE k > 1');
  });

  test('columns are replaced, added, dropped, renamed', () => {
    const frame = t()
      .withColumns((r: Any) => ({ v: r.v.add(1), x: r.k.mul(2) }))
      .rename({ x: 'y' })
      .drop('k');
    expect(classic(frame)).toBe(
      'SELECT * EXCLUDE (k) FROM (SELECT * RENAME (x AS y) FROM (SELECT * REPLACE (v + 1 AS v), k * 2 AS x FROM t))',
    );
  });

  test('groups by position', () => {
    const frame = t()
      .groupBy('k')
      .agg((r: Any) => ({ n: count(), s: r.v.sum() }));
    expect(classic(frame)).toBe('SELECT k AS k, count(*) AS n, sum(v) AS s FROM t GROUP BY 1');
    expect(classic(t().agg(() => ({ n: count() })))).toBe('SELECT count(*) AS n FROM t');
    expect(classic(t().distinct())).toBe('SELECT DISTINCT * FROM t');
  });

  test('joins name their columns', () => {
    expect(classic(t().join(u(), 'k'))).toBe(
      'SELECT l.k AS k, l.v AS v, r.v AS v_right, r.w AS w FROM t AS l JOIN u AS r ON l.k = r.k',
    );
    expect(classic(t().fullJoin(u(), 'k'))).toBe(
      'SELECT coalesce(l.k, r.k) AS k, l.v AS v, r.v AS v_right, r.w AS w FROM t AS l FULL JOIN u AS r ON l.k = r.k',
    );
    expect(classic(t().antiJoin(u(), 'k'))).toBe('SELECT l.* FROM t AS l ANTI JOIN u AS r ON l.k = r.k');
  });

  test('subqueries become classic as well', () => {
    const keys = u()
      .filter((r: Any) => r.w.gt(0))
      .column('k');
    expect(classic(t().filter((r: Any) => r.k.in(keys)))).toBe(
      'SELECT * FROM t WHERE k IN (SELECT k FROM (SELECT * FROM u WHERE w > 0))',
    );
  });

  test('what DuckDB does not read is written otherwise', () => {
    const once = t().withColumns((r: Any) => ({ x: r.k.isDistinctFrom(r.v).isDistinctFrom(r.v.isNull()) }));
    expect(classic(once)).toBe('SELECT *, (k IS DISTINCT FROM v) IS DISTINCT FROM (v IS NULL) AS x FROM t');
    expect(classic(t().unpivot({ on: ['k', 'v'], includeNulls: true }))).toBe(
      'SELECT * FROM t UNPIVOT INCLUDE NULLS (value FOR name IN (k, v))',
    );
  });

  test('names behind a pivot and a union of other columns are known', () => {
    const pivoted = u().pivot({ rows: ['k'], on: 'v', in: ['a'], values: (r: Any) => r.w.sum() });
    expect(classic(pivoted.withColumns((r: Any) => ({ a: r.a.add(1) })))).toBe(
      "SELECT * REPLACE (a + 1 AS a) FROM (PIVOT u ON v IN ('a' AS a) USING sum(w) GROUP BY k)",
    );
    expect(
      classic(
        t()
          .unionAll(u())
          .drop('v')
          .withColumns((r: Any) => ({ w: r.k.add(1) })),
      ),
    ).toBe('SELECT * REPLACE (k + 1 AS w) FROM (SELECT * EXCLUDE (v) FROM (TABLE t UNION ALL BY NAME TABLE u))');
  });

  test('says where names are not known', () => {
    const file = db.table('nowhere.parquet' as never) as Any;
    expect(() => classic(file.withColumns((r: Any) => ({ x: r.k.add(1) })))).toThrow(
      'Classic SQL must name the columns, and which of "x" exist is not known yet',
    );
  });
});
