// Why records of the suites fail, by reason: a page. What no rule explains is listed record by record.
import { suiteName } from './table.mjs';

const DIALECT = 'dialect choice';
const INTERNALS = 'engine internals';
const NOT_DONE = 'not done';

/** What differs, why, and the failures that come of it; the first rule that matches counts. */
const RULES = [
  [
    'IN () without values is no expression, as in standard SQL',
    DIALECT,
    f => f.suite === 'sqlite' && /IN \(\)/.test(f.sql),
  ],
  [
    'How the suite’s engine reads in parallel, how deep it nests, what its statistics hold',
    INTERNALS,
    f => /Parallel CSV|depth limit|statistics in your data|buffer_size/.test(`${f.why} ${f.sql}`),
  ],
  [
    'DESCRIBE gives six columns, as DuckDB’s, with SQL names of types',
    DIALECT,
    f => /^expected [23] columns, got 6/.test(f.why),
  ],
  [
    'Quoted names match in any case, as DuckDB’s',
    DIALECT,
    f => f.suite !== 'duckdb' && /case.?sensitiv|ident_norm|identifiers/i.test(`${f.file} ${f.why}`),
  ],
  [
    'Tables, CASCADE, schemas and constraints that the suite’s engine refuses work',
    DIALECT,
    f => f.cat === 'no-error' && /not (yet |currently )?supported|not implemented/i.test(f.why),
  ],
  [
    'Functions that differ or are missing: see Functions below',
    NOT_DONE,
    f => f.cat === 'unknown-function' || /takes no named arguments/.test(f.why),
  ],
  [
    'Structs without field names have the names v1, v2, …',
    NOT_DONE,
    f => /\(?v1\b|STRUCT\(INTEGER/.test(f.why) && /row\(|\(\(|struct/i.test(`${f.sql} ${f.why}`),
  ],
  [
    'Backslashes in nested texts are printed escaped, as DuckDB 2 does',
    DIALECT,
    f => /string_to_(list|map)_escapes/.test(f.file) && f.cat === 'wrong-result',
  ],
  [
    'Divisions by zero give infinity unless asked otherwise; ieee_floating_point_ops is no setting',
    NOT_DONE,
    f => /expected ".*NULL.*" got ".*(inf|NaN)/.test(f.why),
  ],
  [
    'Logarithms of 0 and of negative numbers, sine of infinity: -inf and NaN, as DuckDB 2 gives',
    DIALECT,
    f => f.cat === 'no-error' && /\b(log|ln|log10|log2|sqrt|sin|cos)\(/i.test(f.sql),
  ],
  [
    'Time zones of a session: SET TimeZone and ICU’s calendar before 1582',
    NOT_DONE,
    f => f.suite === 'duckdb' && /icu|current_time|timezone|_tz/.test(f.file),
  ],
  ['Times with a zone (TIMETZ)', NOT_DONE, f => /timetz/i.test(`${f.why} ${f.file}`)],
  ['Bit strings (BIT)', NOT_DONE, f => /types\/bit|\bBIT\b/.test(`${f.file} ${f.sql}`)],
  ['Values of any type (VARIANT)', NOT_DONE, f => /variant/i.test(`${f.why} ${f.sql}`)],
  [
    'Unions: implicit casts to them, and what reads them',
    NOT_DONE,
    f => /types\/union|UNION\(/.test(`${f.file} ${f.why}`),
  ],
  ['Half floats (HALF)', NOT_DONE, f => /HALF/.test(f.why)],
  [
    'Unsigned types called UINT1, UINT2, UINT4 by bytes; here, as in DuckDB, UINT8 has 8 bits',
    DIALECT,
    f => /UINT[124]/.test(f.why),
  ],
  ['Decimals of more than 38 digits', NOT_DONE, f => /DECIMAL takes 1 to 38|at most 38 digits/.test(f.why)],
  [
    'Collations of languages, and of functions that search',
    NOT_DONE,
    f => /collat/i.test(`${f.file} ${f.why} ${f.sql}`),
  ],
  [
    'Paths of metadata functions (parquet.file_metadata, csv.read, tpch_gen.region)',
    DIALECT,
    f => /Table function with name \w+\.\w+/.test(f.why),
  ],
  [
    'Which rows a CSV file has: delimiters of several bytes, rejects, files that break the rules in one more way',
    NOT_DONE,
    f => /csv/.test(f.file),
  ],
  ['Options and metadata of Parquet files; statistics of damaged ones', NOT_DONE, f => /parquet/i.test(f.file)],
  ['JSON by path functions and transformations', NOT_DONE, f => /json/.test(f.file)],
  [
    'UNION and other set operations, subqueries and tables of one name as the suite’s engine treats them',
    DIALECT,
    f => f.suite === 'datafusion' && /SELECT DISTINCT ON expressions|No field named|planning/.test(f.why),
  ],
  [
    'first_value, last_value and nth_value are window functions only; aggregates take no IGNORE NULLS',
    DIALECT,
    f => /is a window function: it needs OVER|(IGNORE|RESPECT) NULLS (belongs|is)|RESPECT\/IGNORE/.test(f.why),
  ],
  [
    'Columns that depend on a key in GROUP BY must stand there themselves',
    DIALECT,
    f => f.suite === 'datafusion' && /must appear in the GROUP BY|Referenced table "[lr]" not found/.test(f.why),
  ],
  [
    'Types written with angle brackets: array<int>, struct<a int>',
    NOT_DONE,
    f => /found '<'|found keyword ARRAY/.test(f.why),
  ],
  ['All NaN are equal, as in DuckDB', DIALECT, f => /nan/i.test(`${f.why} ${f.sql}`)],
  ['SELECT … INTO', DIALECT, f => /SELECT … INTO/.test(f.why)],
  [
    'Integers as dates and timestamps, texts as to_timestamp’s argument',
    DIALECT,
    f => /INTEGER can't be cast to (DATE|TIMESTAMP)|to_timestamp/.test(`${f.why} ${f.file}`),
  ],
  ['strptime’s rarer combinations of week numbers', NOT_DONE, f => /strptime/.test(f.sql)],
  [
    'An alias may be used more freely than the suite’s engine allows: in GROUP BY expressions, with side effects',
    DIALECT,
    f => f.cat === 'no-error' && /alias|not yet supported|ambiguous/i.test(f.why),
  ],
  [
    'Checks of constant arguments while binding',
    NOT_DONE,
    f => f.cat === 'no-error' && /constant|NULL|parameter/i.test(f.why),
  ],
  ['What a failed statement of the same file was to prepare', NOT_DONE, f => f.cascade === true],
];

/**
 * The page; its section "Functions" is kept as it stands in `before`.
 * @param run what the runner writes: `failures` and `folders`
 */
export function deviationsText({ failures }, before) {
  const suites = ['glaredb', 'duckdb', 'datafusion', 'sqlite'];
  const groups = RULES.map(([what, reason]) => ({ what, reason, found: [] }));
  const rest = [];
  for (const f of failures) {
    const at = RULES.findIndex(([, , matches]) => matches({ sql: '', why: '', ...f }));
    (at < 0 ? rest : groups[at].found).push(f);
  }
  const count = (found, suite) => found.filter(f => f.suite === suite).length;
  const row = ({ what, reason, found }) =>
    `| ${what} | ${reason} | ${suites.map(s => count(found, s) || '').join(' | ')} |`;
  const functions = functionsOf(before);
  const used = groups.filter(g => g.found.length > 0).sort((a, b) => b.found.length - a.found.length);
  return [
    '# Known deviations',
    '',
    'What differs from the engines whose suites are run (`docs/slt.md`), by reason, with the number of records that fail of it.',
    'A *dialect choice* is meant: mostly DuckDB 2’s behaviour where another engine, or an older DuckDB, has its own.',
    '*Engine internals* have no counterpart here. Counted by `npm run slt -- <suites> --deviations docs/deviations.md`.',
    '',
    `| deviation | reason | ${suites.map(suiteName).join(' | ')} |`,
    '| --- | --- | ---: | ---: | ---: | ---: |',
    ...used.map(row),
    row({ what: 'Single cases, listed below', reason: NOT_DONE, found: rest }),
    `| **all** | | ${suites.map(s => count(failures, s)).join(' | ')} |`,
    '',
    ...(functions === undefined ? [] : [functions, '']),
    ...suites.flatMap(suite =>
      single(
        suite,
        rest.filter(f => f.suite === suite),
      ),
    ),
  ].join('\n');
}

/** The part about functions, which is written by hand. */
function functionsOf(text) {
  const from = text.indexOf('\n## Functions');
  if (from < 0) return undefined;
  const next = text.indexOf('\n## ', from + 1);
  return text.slice(from + 1, next < 0 ? undefined : next).trimEnd();
}

function single(suite, found) {
  if (found.length === 0) return [];
  const lines = found.map(f => `- \`${f.file.replace(/^test\/sql\//, '')}:${f.line}\` ${plain(f.why)}`);
  return [`## Single cases of ${suiteName(suite)}`, '', ...lines, ''];
}

/** A message on one line, without what belongs to this machine. */
function plain(why) {
  const text = why
    .split('\n')[0]
    .replace(/'[^']*\/[^']*'/g, "'…'")
    .replace(/(^|[\s("])\/[^\s)"]+/g, '$1…')
    .replace(/[|`<>*_]/g, c => `\\${c}`);
  return text.length > 140 ? `${text.slice(0, 139)}…` : text;
}
