// The rates of a run of the suites by folder, as a page.

const SUITES = { glaredb: 'GlareDB', duckdb: 'DuckDB', datafusion: 'DataFusion', sqlite: 'SQLite' };

/** How a record fails, as the runner's classes call it, in the order of the page's columns. */
const CLASSES = [
  ['wrong-result', 'other rows'],
  ['error', 'error'],
  ['no-error', 'no error'],
  ['unknown-function', 'no such function'],
  ['unknown-type', 'no such type'],
  ['missing-object', 'no such table or column'],
  ['unsupported', 'unsupported'],
  ['parse-error', 'syntax'],
  ['crash', 'crash'],
  ['timeout', 'time-out'],
  ['lost', 'lost'],
];

export const suiteName = suite => SUITES[suite] ?? suite;

/** @param run what the runner writes: `folders` with counts; the last is the total */
export function tableText({ folders }) {
  const rows = folders.filter(f => f.name !== 'TOTAL');
  const suites = Object.keys(SUITES).filter(suite => rows.some(f => f.name.startsWith(`${suite}/`)));
  const of = suite => rows.filter(f => f.name.startsWith(`${suite}/`));
  const totals = suites.map(suite => ({ ...sum(of(suite)), name: suiteName(suite) }));
  return [
    '# SQL suites of other engines',
    '',
    'Records of the sqllogictest suites of GlareDB, DuckDB, DataFusion and SQLite, run by `npm run slt` with `test/slt/adapter.mjs`,',
    'which sets each suite’s dialect (integer division, where NULLs sort, names of columns of VALUES) and nothing else.',
    'Portable records are those that several of these engines pass. Written by `npm run slt -- <suites> --table docs/slt.md`;',
    '`docs/deviations.md` has the reasons for what differs.',
    '',
    ...table('suite', totals),
    ...suites.flatMap(suite => [
      '',
      `## ${suiteName(suite)}`,
      '',
      ...table(
        'folder',
        of(suite).map(f => ({ ...f, name: f.name.slice(suite.length + 1) || '.' })),
      ),
    ]),
    '',
  ].join('\n');
}

function table(what, rows) {
  const used = CLASSES.filter(([name]) => rows.some(r => r.cats[name] > 0));
  const head = [what, 'run', 'pass', '%', 'portable', 'pass', '%', ...used.map(c => c[1])];
  const cells = rows.map(r => [
    r.name,
    r.run,
    r.pass,
    percent(r.pass, r.run),
    r.port,
    r.portPass,
    percent(r.portPass, r.port),
    ...used.map(([name]) => r.cats[name] ?? ''),
  ]);
  return [line(head), line(head.map((_, i) => (i === 0 ? '---' : '---:'))), ...cells.map(line)];
}

const line = cells => `| ${cells.join(' | ')} |`;

const percent = (part, whole) => (whole === 0 ? '' : ((100 * part) / whole).toFixed(1));

function sum(rows) {
  const total = { run: 0, pass: 0, port: 0, portPass: 0, cats: {} };
  for (const r of rows) {
    for (const key of ['run', 'pass', 'port', 'portPass']) total[key] += r[key];
    for (const [name, n] of Object.entries(r.cats)) total.cats[name] = (total.cats[name] ?? 0) + n;
  }
  return total;
}
