import type { ColumnRange } from '../../plan/logical-plan.ts';
import { rangeOfPart } from './row-group-splits.ts';

/** The rows from `from` on before `end`. */
export type RowRange = { readonly from: number; readonly end: number };

/** What is known of the pages of a column: their first rows, behind them how many rows there are, and their values. */
export type PagedColumn = { readonly firstRows: readonly number[]; readonly ranges: readonly ColumnRange[] };

export type Question = {
  /** The rows that are asked for. */
  readonly rows: RowRange;
  /** What is known of an input in all of them. */
  readonly rangeOf: (input: number) => ColumnRange | undefined;
  /** Inputs of whose pages something is known. */
  readonly paged: ReadonlyMap<number, PagedColumn>;
  /** Whether no row can match where this is known of the inputs. */
  readonly excludes: (rangeOf: (input: number) => ColumnRange | undefined, rows: number) => boolean;
};

/** The rows that may match, in order: judged anew wherever a page of any column begins. */
export function matchingRows({ rows, rangeOf, paged, excludes }: Question): readonly RowRange[] {
  const found: { from: number; end: number }[] = [];
  const columns = [...paged].map(([input, column]) => ({ input, ...column, page: pageAt(column, rows.from) }));
  for (let at = rows.from; at < rows.end; ) {
    const end = Math.min(rows.end, ...columns.map(c => c.firstRows[c.page + 1]!));
    const known = new Map(
      columns.map(({ input, firstRows, ranges, page }) => {
        const pageRows = firstRows[page + 1]! - firstRows[page]!;
        return [input, rangeOfPart(ranges[page]!, pageRows, end - at)];
      }),
    );
    const rangeHere = (input: number): ColumnRange | undefined => {
      const range = known.get(input) ?? rangeOf(input);
      return known.has(input) ? range : range && rangeOfPart(range, rows.end - rows.from, end - at);
    };
    if (!excludes(rangeHere, end - at)) {
      const last = found.at(-1);
      if (last?.end === at) last.end = end;
      else found.push({ from: at, end });
    }
    for (const column of columns) if (column.firstRows[column.page + 1] === end) column.page++;
    at = end;
  }
  return found;
}

/** How many of a column's pages begin among rows, and have none of those that match. */
export function passedPages({ firstRows }: PagedColumn, rows: RowRange, matching: readonly RowRange[]): number {
  let passed = 0;
  for (let page = 0; page < firstRows.length - 1; page++) {
    const [from, end] = [firstRows[page]!, firstRows[page + 1]!];
    if (from < rows.from || from >= rows.end) continue;
    if (!matching.some(m => m.from < end && m.end > from)) passed++;
  }
  return passed;
}

const pageAt = ({ firstRows }: PagedColumn, row: number): number => firstRows.findLastIndex(first => first <= row);
