import { expect, test } from 'vitest';

type Page = (run: object, before?: string) => string;
// Plain JavaScript, as the suites' runner loads it.
const { deviationsText } = (await import('./deviations.mjs' as string)) as { deviationsText: Page };
const { tableText } = (await import('./table.mjs' as string)) as { tableText: Page };

const counts = (name: string, run: number, pass: number, cats: Record<string, number>) => ({
  name,
  run,
  pass,
  port: 10,
  portPass: 9,
  cats,
});

test('rates by suite and folder, failures by class', () => {
  const folders = [
    counts('duckdb/test/sql/cast', 40, 30, { error: 6, 'wrong-result': 4 }),
    counts('duckdb/test/sql/join', 10, 10, {}),
    counts('TOTAL', 50, 40, {}),
  ];
  const lines = tableText({ folders }).split('\n');
  expect(lines).toContain('| DuckDB | 50 | 40 | 80.0 | 20 | 18 | 90.0 | 4 | 6 |');
  expect(lines).toContain('| test/sql/join | 10 | 10 | 100.0 | 10 | 9 | 90.0 |  |  |');
  expect(lines.some(line => line.includes('TOTAL'))).toBe(false);
});

test('deviations by reason; what no rule explains by itself; the section of functions stays', () => {
  const failure = (suite: string, why: string) => ({ suite, file: 'a/b.slt', line: 3, cat: 'error', why, sql: '' });
  const failures = [
    failure('glaredb', 'expected 2 columns, got 6'),
    failure('glaredb', "there is no file '/home/somebody/x.csv'"),
    failure('sqlite', 'no such thing\nline 1:1: x'),
  ];
  const page = deviationsText(
    { failures },
    '# Known deviations\n\n## Functions\n\nby hand\n\n## Single cases of DuckDB\n\n- gone\n',
  );
  expect(page).toMatch(/\| DESCRIBE gives six columns.* \| dialect choice \| 1 \| {2}\| {2}\| {2}\|/);
  expect(page).toContain('## Functions\n\nby hand\n\n## Single cases of GlareDB');
  expect(page).toContain("- `a/b.slt:3` there is no file '…'");
  expect(page).toContain('- `a/b.slt:3` no such thing\n');
  expect(page).not.toContain('gone');
  expect(page).toContain('| **all** | | 2 | 0 | 0 | 1 |');
});
