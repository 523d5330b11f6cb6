import { afterAll, describe, expect, it } from 'vitest';
import { displayWidth, shortened } from '../../../frontends/dataframe/display-width.ts';
import { type Any, connect } from '../../../frontends/index.ts';
import { textTable } from '../../../frontends/dataframe/text-table.ts';

const db = connect<Any>({ threads: 0 });
afterAll(() => db.close());

async function table(sql: string, width?: number): Promise<string> {
  const { raw } = await db.execute(sql);
  return `\n${textTable(raw, 3, width)}`;
}
/** The widths of all lines but the one below the table. */
const widths = (text: string): number[] => text.trim().split('\n').slice(0, -1).map(displayWidth);

describe('a table of text', () => {
  it('lines up what is two columns wide, or none', async () => {
    const text = await table(
      `SELECT '日本' AS "größe", 1 AS n UNION ALL SELECT 'e\u0301', 20 UNION ALL SELECT '😀', 300`,
    );
    expect(new Set(widths(text)).size).toBe(1);
    expect(text).toMatchInlineSnapshot(`
      "
      ┌─────────┬─────────┐
      │ größe   │       n │
      │ VARCHAR │ INTEGER │
      ├─────────┼─────────┤
      │ 日本    │       1 │
      │ é       │      20 │
      │ 😀      │     300 │
      └─────────┴─────────┘
      3 rows"
    `);
  });

  it('cuts texts to what fits, never numbers', async () => {
    const sql = `SELECT repeat('text ', 20) AS a, 123456789012345678 AS n, repeat('x', 30) AS b`;
    expect(await table(sql, 60)).toMatchInlineSnapshot(`
      "
      ┌──────────────────┬────────────────────┬──────────────────┐
      │ a                │                  n │ b                │
      │ VARCHAR          │             BIGINT │ VARCHAR          │
      ├──────────────────┼────────────────────┼──────────────────┤
      │ text text text … │ 123456789012345678 │ xxxxxxxxxxxxxxx… │
      └──────────────────┴────────────────────┴──────────────────┘
      1 row"
    `);
    expect(Math.max(...widths(await table(sql, 60)))).toBeLessThanOrEqual(60);
  });

  it('leaves out columns in the middle where cutting is not enough', async () => {
    const columns = Array.from({ length: 40 }, (_, i) => `${i} AS column_${i}`).join(', ');
    expect(await table(`SELECT ${columns}`, 70)).toMatchInlineSnapshot(`
      "
      ┌──────────┬──────────┬──────────┬───┬───────────┬───────────┐
      │ column_0 │ column_1 │ column_2 │ … │ column_38 │ column_39 │
      │  INTEGER │  INTEGER │  INTEGER │ … │   INTEGER │   INTEGER │
      ├──────────┼──────────┼──────────┼───┼───────────┼───────────┤
      │        0 │        1 │        2 │ … │        38 │        39 │
      └──────────┴──────────┴──────────┴───┴───────────┴───────────┘
      1 row, 5 of 40 columns"
    `);
    for (let width = 20; width < 200; width += 7)
      expect(Math.max(...widths(await table(`SELECT ${columns}`, width)))).toBeLessThanOrEqual(width);
    expect((await table(`SELECT ${columns}`)).endsWith('1 row')).toBe(true);
  });
});

it('texts are shortened by what they take', () => {
  expect(shortened('abcdef', 4)).toBe('abc…');
  expect(shortened('日本語', 4)).toBe('日…');
  expect(shortened('abc', 3)).toBe('abc');
});
