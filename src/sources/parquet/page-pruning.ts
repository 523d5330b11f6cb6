import type { Split } from '../../plan/logical-plan.ts';
import { inputIndexes } from '../../plan/physical-expr.ts';
import type { ScanRequest } from '../../protocol/table-function.ts';
import { canSkip } from '../prune.ts';
import { type ParquetState, parquetState, type RowGroupState } from './bound-parquet.ts';
import { isFlat, type LeafLayout } from './column-layout.ts';
import type { GroupPages } from './group-pages.ts';
import { matchingRows, type PagedColumn, passedPages, type RowRange } from './matching-rows.ts';

/** So many row groups at most are not asked about after some in a row of which indexes told nothing. */
const LONGEST_PAUSE = 16;

/** Tells which rows of a row group a scan may want, by what indexes say of the values of pages. */
export class PagePruning {
  readonly #request: ScanRequest;
  readonly #state: ParquetState;
  /** Positions of the columns whose values matter. */
  readonly #columns: readonly number[];
  /** Pages of these columns that were passed over. */
  passed = 0;
  #toPause = 0;
  #pause = 0;

  constructor(request: ScanRequest) {
    this.#request = request;
    this.#state = parquetState(request.source);
    this.#columns = [...new Set([...inputIndexes(request.filters), ...(request.runtime?.columns ?? [])])];
  }

  /** The leaves of a row group whose pages' values are worth a look: none while values come in no order. */
  leaves(part: RowGroupState): readonly LeafLayout[] {
    if (this.#toPause > 0) {
      this.#toPause--;
      return [];
    }
    return this.#columns.flatMap(i => this.#leafOf(part, i) ?? []);
  }

  /** The part's rows, but for those of pages whose values tell that they can't match. */
  matching(part: RowGroupState, { ranges: known }: Split, pages: GroupPages): readonly RowRange[] {
    const rows = { from: part.from, end: part.from + part.rows };
    const paged = new Map<number, PagedColumn>();
    for (const i of this.#columns) {
      const leaf = this.#leafOf(part, i);
      const [firstRows, ranges] = leaf === undefined ? [] : [pages.places(leaf)?.firstRows, pages.ranges(leaf)];
      if (firstRows !== undefined && ranges !== undefined && firstRows.at(-1)! >= rows.end)
        paged.set(i, { firstRows, ranges });
    }
    if (paged.size === 0) return [rows];
    const { columns, filters, runtime } = this.#request;
    const found = matchingRows({
      rows,
      rangeOf: i => known?.[columns[i]!],
      paged,
      excludes: (rangeOf, n) => canSkip(filters, rangeOf, n) || runtime?.excludes(rangeOf, n) === true,
    });
    const before = this.passed;
    for (const column of paged.values()) this.passed += passedPages(column, rows, found);
    this.#judge(this.passed > before);
    return found;
  }

  #judge(isUseful: boolean): void {
    if (isUseful) this.#pause = 0;
    else {
      this.#toPause = this.#pause;
      this.#pause = Math.min(Math.max(1, 2 * this.#pause), LONGEST_PAUSE);
    }
  }

  #leafOf({ file }: RowGroupState, position: number): LeafLayout | undefined {
    const { layout, constants } = this.#state.files[file]!;
    const column = this.#request.columns[position]!;
    const found = this.#state.layouts[layout]![column];
    return found != null && isFlat(found) && constants[column] === undefined ? found : undefined;
  }
}
