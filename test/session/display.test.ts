import { afterAll, beforeAll, expect, it } from 'vitest';
import { connect, type Database } from '../../frontends/index.ts';

let db: Database;
beforeAll(() => {
  db = connect({ threads: 2 });
});
afterAll(() => db.close());

it('notebooks show the first rows, as text and as a table', async () => {
  const frame = db.from([
    { name: '<b>', n: 1.5 },
    { name: null, n: -2 },
  ]);
  const shown = await (frame as never as Record<symbol, () => Promise<Record<string, string>>>)[
    Symbol.for('Jupyter.display')
  ]!();
  expect(shown['text/plain']).toContain('│ <b>     │    1.5 │');
  expect(shown['text/html']).toMatchInlineSnapshot(`
    "<table>
    <thead><tr><th>name<br><small>VARCHAR</small></th><th style="text-align:right">n<br><small>DOUBLE</small></th></tr></thead>
    <tbody>
    <tr><td>&lt;b&gt;</td><td style="text-align:right">1.5</td></tr>
    <tr><td><i>NULL</i></td><td style="text-align:right">-2.0</td></tr>
    </tbody>
    </table>
    <small>2 rows</small>"
  `);
  const long = db.sql('SELECT * FROM range(60)') as never as Record<symbol, () => Promise<Record<string, string>>>;
  expect((await long[Symbol.for('Jupyter.display')]!())['text/html']).toContain('<small>first 50 rows</small>');
});

it('an analyzed plan is a page of its own', async () => {
  await db.execute("CREATE TABLE t AS SELECT i, i % 10 AS k, '<' AS s FROM range(200000) r(i)");
  const frame = db.sql("SELECT k, count(*) AS n FROM t WHERE s = '<' GROUP BY k ORDER BY k");
  const page = await frame.explain({ html: true });
  expect(page).toMatch(/^<!doctype html>/);
  expect(page).not.toMatch(/<script|src=|href=|url\(/);
  expect(page).toContain('&lt;');
  expect(page).not.toContain("'<'");
  expect(page).toMatch(/<td style="padding-left:\d+px">scan/);
  // A bar of each partition that worked.
  expect(page).toMatch(/<text x="0" y="\d+">#1 /);
  expect(page).toMatch(/<title>#0 scan: [\d.]+ to [\d.]+ ms, busy [\d.]+ ms<\/title>/);
  const [row] = await db.sql('SELECT 1').collect();
  expect(row).toBeDefined();
  const result = await db.execute('EXPLAIN (ANALYZE, FORMAT html) SELECT count(*) FROM t');
  expect(String(result.raw.column(1)[0])).toMatch(/^<!doctype html>/);
});
