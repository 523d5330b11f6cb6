// rayexec as an engine for the sqllogictest runner: one database a file, inline so that runs repeat exactly.
import { connect, formatRaw } from '../../dist/index.js';

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
        const { raw } = result;
        const text = (row, c) => formatRaw(raw.schema[c].type, raw.column(c)[row], raw.timeZone);
        const cellAt = (cell, row, c) => (cell !== null && isText(raw.schema[c].type) ? text(row, c) : cell);
        return {
          columns: result.schema.map(c => c.name),
          types: result.schema.map(c => c.type),
          rows: result.rows().map((cells, row) => cells.map((cell, c) => cellAt(cell, row, c))),
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

/**
 * What is text as CAST to VARCHAR writes it: nested values and intervals, whose objects don't tell 'a, b' from a and b,
 * and instants, which have the session's time zone.
 */
const isText = type =>
  ['list', 'array', 'struct', 'map', 'union', 'interval'].includes(type.kind) ||
  (type.kind === 'timestamp' && type.zone);
