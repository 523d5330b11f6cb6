import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { openSession } from '../session/open-session.ts';
import { entries, functionPage } from './function-page.ts';

const { db } = await openSession(0);
afterAll(() => db.close());

test('docs/functions.md is what `npm run docs:functions` writes', () => {
  expect(readFileSync(new URL('../../docs/functions.md', import.meta.url), 'utf8')).toBe(functionPage());
});

const examples = entries.flatMap(({ name, doc }) => doc.examples.map(([sql, result]) => ({ name, sql, result })));

describe('its examples, with a whole session', () => {
  test.each(examples)('$name: $sql', async ({ sql, result }) => {
    const [row] = (await db.sql(`SELECT CAST((${sql}) AS VARCHAR) AS text`).collect()) as { text: string | null }[];
    expect(row!.text ?? 'NULL').toBe(result);
  });
});

/** They need a sequence or a file. */
const WITHOUT = [
  ...['nextval', 'currval', 'read_parquet', 'read_csv', 'read_json', 'read_ndjson', 'read_arrow'],
  ...['parquet_file_metadata', 'parquet_schema', 'parquet_metadata', 'parquet_kv_metadata'],
];

test('all others have examples', () => {
  expect(entries.filter(e => e.doc.examples.length === 0 && !WITHOUT.includes(e.name)).map(e => e.name)).toEqual([]);
});
