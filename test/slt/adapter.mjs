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
        const text = (row, c) => formatRaw(result.raw.schema[c].type, result.raw.column(c)[row]);
        return {
          columns: result.schema.map(c => c.name),
          types: result.schema.map(c => c.type),
          rows: result.rows().map((cells, row) => cells.map((cell, c) => (isNested(cell) ? text(row, c) : cell))),
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

/** Nested values and intervals are text, as CAST to VARCHAR writes them: their objects don't tell 'a, b' from a and b. */
const isNested = cell => typeof cell === 'object' && cell !== null && !(cell instanceof Uint8Array);
