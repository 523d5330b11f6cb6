import { compareStored } from './compare-stored.ts';
import { cutBounds } from './cut-bounds.ts';
import { MOST_BOUND_BYTES, type StoredBounds } from './page-bounds.ts';
import type { StoredType } from './stored-type.ts';
import { ThriftWriter } from './thrift-writer.ts';

/** A data page that was written. */
export type WrittenPage = {
  /** In the file, and bytes there with the page's header. */
  readonly offset: number;
  readonly bytes: number;
  /** Rows of the row group before it. */
  readonly firstRow: number;
  readonly nulls: number;
  /** Nothing but NULLs. */
  readonly isEmpty: boolean;
  readonly bounds: StoredBounds | undefined;
};

const NO_BYTES = new Uint8Array(0);
const NO_BOUNDS: StoredBounds = { min: NO_BYTES, max: NO_BYTES };
/** The format's numbers. */
const BOUNDARY_ORDERS = { none: 0, ascending: 1, descending: 2 } as const;

/** The pages of a chunk: what their indexes and the chunk's statistics say. */
export class WrittenPages {
  readonly #stored: StoredType;
  readonly #pages: WrittenPage[] = [];

  constructor(stored: StoredType) {
    this.#stored = stored;
  }

  add(page: WrittenPage): void {
    this.#pages.push(page);
  }

  /** The least and the greatest value of all pages; long texts are left out. */
  bounds(): { readonly min: Uint8Array | undefined; readonly max: Uint8Array | undefined } {
    const { order } = this.#stored;
    const all = this.#pages.flatMap(p => p.bounds ?? []);
    const extreme = (values: readonly Uint8Array[], sign: 1 | -1): Uint8Array | undefined => {
      const [first, ...others] = values;
      if (first === undefined) return undefined;
      const best = others.reduce((a, b) => (compareStored(order, b, a) * sign > 0 ? b : a), first);
      return order === 'bytes' && best.length > MOST_BOUND_BYTES ? undefined : best;
    };
    return {
      min: extreme(
        all.map(b => b.min),
        -1,
      ),
      max: extreme(
        all.map(b => b.max),
        1,
      ),
    };
  }

  /** Where the pages are, as an OffsetIndex. */
  offsetIndex(): Uint8Array<ArrayBuffer> {
    const w = new ThriftWriter();
    w.structList(1, this.#pages, ({ offset, bytes, firstRow }) => {
      w.i64(1, offset);
      w.i32(2, bytes);
      w.i64(3, firstRow);
    });
    return w.finish();
  }

  /** Which values the pages have, as a ColumnIndex. Undefined when a page with values has no bounds: the format has no gaps for these. */
  columnIndex(): Uint8Array<ArrayBuffer> | undefined {
    const { order, annotation } = this.#stored;
    const bounds: StoredBounds[] = [];
    for (const { isEmpty, bounds: exact } of this.#pages) {
      const cut = isEmpty
        ? NO_BOUNDS
        : exact && (order === 'bytes' ? cutBounds(exact, annotation !== undefined) : exact);
      if (cut === undefined) return undefined;
      bounds.push(cut);
    }
    const w = new ThriftWriter();
    w.booleanList(
      1,
      this.#pages.map(p => p.isEmpty),
    );
    w.bytesList(
      2,
      bounds.map(b => b.min),
    );
    w.bytesList(
      3,
      bounds.map(b => b.max),
    );
    w.i32(4, BOUNDARY_ORDERS[this.#boundaryOrder(bounds)]);
    w.i64List(
      5,
      this.#pages.map(p => p.nulls),
    );
    return w.finish();
  }

  /** Whether both bounds go one way from page to page, those without values left out. */
  #boundaryOrder(bounds: readonly StoredBounds[]): keyof typeof BOUNDARY_ORDERS {
    const { order } = this.#stored;
    const valued = bounds.filter((_, i) => !this.#pages[i]!.isEmpty);
    const goes = (sign: 1 | -1): boolean =>
      valued.every(({ min, max }, i) => {
        const before = valued[i - 1];
        if (before === undefined) return true;
        return compareStored(order, min, before.min) * sign >= 0 && compareStored(order, max, before.max) * sign >= 0;
      });
    return goes(1) ? 'ascending' : goes(-1) ? 'descending' : 'none';
  }
}
