// rayexec as an engine for the sqllogictest runner: one database a file, inline so that runs repeat exactly.
import { connect } from '../../dist/index.js';

/** Documented dialect settings of the suites' own engines: integer division, where NULLs sort, names of VALUES' columns. */
const dialects = {
  glaredb: [
    'SET integer_division = true',
    "SET default_null_order = 'nulls_last_on_asc_first_on_desc'",
    "SET values_column_names = 'column1'",
  ],
  datafusion: [
    'SET integer_division = true',
    "SET default_null_order = 'nulls_last_on_asc_first_on_desc'",
    "SET values_column_names = 'column1'",
  ],
  sqlite: ['SET integer_division = true', "SET default_null_order = 'nulls_first_on_asc_last_on_desc'"],
  duckdb: [],
};

export const features = ['parquet', 'json', 'tpch', 'icu', 'vector_size'];

export async function open({ dialect }) {
  const db = connect({ threads: 0 });
  for (const setting of dialects[dialect] ?? []) await db.execute(setting);
  return {
    async query(sql) {
      try {
        const result = await db.execute(sql);
        return {
          columns: result.schema.map(c => c.name),
          types: result.schema.map(c => c.type),
          rows: result.rows().map(row => row.map(shown)),
        };
      } catch (error) {
        // verify_optimized_plan found a difference, as it was asked to.
        if (/^the optimized plan gives/.test(error.summary))
          throw new Error(`Query verification failed: ${error.summary}`);
        const kinds = { parse: 'parse', unsupported: 'unsupported', internal: 'crash' };
        throw Object.assign(error, { kind: kinds[error.code] });
      }
    },
    close: () => db.close(),
  };
}

/** Intervals as DuckDB writes them: 1 year 2 months 3 days 04:05:06; the runner knows no objects for them. */
function shown(cell) {
  if (Array.isArray(cell)) return cell.map(shown);
  if (cell === null || typeof cell !== 'object' || typeof cell.months !== 'number' || cell.micros === undefined)
    return cell;
  const { months, days } = cell;
  const micros = BigInt(cell.micros);
  const parts = [
    [Math.trunc(months / 12), 'year'],
    [months % 12, 'month'],
    [days, 'day'],
  ].flatMap(([n, unit]) => (n === 0 ? [] : [`${n} ${unit}${Math.abs(n) === 1 ? '' : 's'}`]));
  const size = micros < 0n ? -micros : micros;
  const two = n => String(n).padStart(2, '0');
  const [hours, minutes, seconds] = [size / 3_600_000_000n, (size / 60_000_000n) % 60n, (size / 1_000_000n) % 60n];
  const fraction = String(size % 1_000_000n)
    .padStart(6, '0')
    .replace(/0+$/, '');
  const time = `${micros < 0n ? '-' : ''}${two(hours)}:${two(minutes)}:${two(seconds)}${fraction && `.${fraction}`}`;
  return (micros !== 0n || parts.length === 0 ? [...parts, time] : parts).join(' ');
}
