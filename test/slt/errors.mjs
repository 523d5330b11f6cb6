// npm run slt:errors -- <errors.jsonl> docs/errors.md: what this engine and others say to erroneous statements, side by side.
import { readFileSync, writeFileSync } from 'node:fs';
import { connect } from '../../dist/index.js';

const [cases, page] = process.argv.slice(2);
if (page === undefined) {
  console.error('usage: npm run slt:errors -- <errors.jsonl> <page>');
  process.exit(2);
}

const records = readFileSync(cases, 'utf8')
  .split('\n')
  .filter(line => line.trim() !== '')
  .map(line => JSON.parse(line));
const sections = [];
for (const [i, record] of records.entries()) sections.push(...section(i + 1, record, await messageOf(record)));
const text = [
  '# Error messages side by side',
  '',
  `${records.length} erroneous statements of the suites of GlareDB, DuckDB, DataFusion and SQLite: what rayexec says, and what the`,
  'others do. "set-up failed" means that an engine refuses a statement that the case needs before.',
  'Written by `npm run slt:errors`.',
  '',
  ...sections,
].join('\n');
writeFileSync(page, text);

/** What rayexec says to a statement after its set-up. */
async function messageOf({ setup, sql }) {
  const db = connect({ threads: 0 });
  try {
    for (const statement of setup ?? []) {
      const error = await errorOf(db, statement);
      if (error !== undefined) return `(set-up failed) ${error}`;
    }
    return (await errorOf(db, sql)) ?? '(no error)';
  } finally {
    await db.close();
  }
}

function errorOf(db, sql) {
  return db.execute(sql).then(
    () => undefined,
    error => error.message,
  );
}

function section(n, { kind, setup, sql, engines }, ours) {
  const answers = { rayexec: ours, DuckDB: engines.duckdb, DataFusion: engines.datafusion, GlareDB: engines.glaredb };
  return [
    `## ${n}. ${kind}`,
    '',
    '```sql',
    ...[...(setup ?? []), sql].map(s => s.trimEnd()),
    '```',
    '',
    '<table>',
    ...Object.entries(answers).map(
      ([engine, text]) => `<tr><th>${engine}</th><td><pre>${escaped(text ?? '')}</pre></td></tr>`,
    ),
    '</table>',
    '',
  ];
}

function escaped(text) {
  return text.trimEnd().replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}
