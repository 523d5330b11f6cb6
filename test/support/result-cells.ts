import type { ResultSet } from '../../frontends/dataframe/result.ts';
import { formatRaw } from '../../frontends/index.ts';

/** A result's values as texts, row by row; NULL is empty. */
export function cellsOf(result: ResultSet): string[][] {
  const columns = result.schema.map((f, i) =>
    Array.from({ length: result.rowCount }, (_, row) => {
      const value = result.column(i)[row] ?? null;
      return value === null ? '' : formatRaw(f.type, value);
    }),
  );
  return Array.from({ length: result.rowCount }, (_, row) => columns.map(c => c[row]!));
}
