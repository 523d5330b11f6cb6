import type { ResultSet } from '../../frontends/dataframe/result.ts';
import { formatRaw, RayexecError } from '../../frontends/index.ts';

/** The rows of a result as lines of text; sorted unless their order counts. */
export function linesOf({ schema, rowCount, column }: ResultSet, ordered: boolean): readonly string[] {
  const columns = schema.map((_, i) => column(i));
  const lines = Array.from({ length: rowCount }, (_, row) =>
    columns
      .map((values, i) => {
        const value = values[row] ?? null;
        return value === null ? 'NULL' : JSON.stringify(formatRaw(schema[i]!.type, value));
      })
      .join(' | '),
  );
  return ordered ? lines : lines.sort();
}

/** Lines of a result, or the code of the error that its data led to; other errors are thrown on, with the query. */
export async function outcome(
  query: string,
  run: () => Promise<ResultSet>,
  ordered: boolean,
): Promise<readonly string[] | string> {
  try {
    return linesOf(await run(), ordered);
  } catch (error) {
    if (error instanceof RayexecError && DATA_ERRORS.has(error.code)) return error.code;
    throw new Error(`${(error as Error).stack}\nin ${query}`, { cause: error });
  }
}

const DATA_ERRORS: ReadonlySet<string> = new Set(['overflow', 'conversion', 'invalid-argument']);
