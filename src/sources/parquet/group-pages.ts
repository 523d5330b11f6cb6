import type { ColumnRange } from '../../plan/logical-plan.ts';
import type { ByteSource } from '../../platform/platform.ts';
import type { RowGroupState } from './bound-parquet.ts';
import type { LeafLayout } from './column-layout.ts';
import { fetchChunks, neighbours, type Place } from './fetch-chunks.ts';
import { type PagePlaces, pagePlaces, pageRanges } from './page-index.ts';

const NO_BYTES = new Uint8Array(0);
/** Bytes between indexes of a local file that are rather read than left out. */
const GAP_BYTES = 4096;
/** Fewer rows are passed over by the headers of the pages: those are few, or known from an earlier query. */
const LEAST_ROWS = 65_536;
/** Larger indexes are damage, or take too long to read. */
const MOST_BYTES = 16 << 20;

/** What is known of the pages of a row group's flat columns, from the indexes that were read. */
export class GroupPages {
  readonly #group: RowGroupState;
  readonly #source: ByteSource;
  /** By leaf: the bytes of an index until they are looked at. */
  readonly #offsets = new Map<number, Uint8Array>();
  readonly #values = new Map<number, Uint8Array>();
  readonly #places = new Map<number, PagePlaces | undefined>();
  readonly #ranges = new Map<number, readonly ColumnRange[] | undefined>();

  constructor(group: RowGroupState, source: ByteSource) {
    this.#group = group;
    this.#source = source;
  }

  /** Reads indexes of a local file: of pages' values, and where these are. @throws RayexecError `io` */
  readNow(valuesOf: readonly LeafLayout[]): void {
    this.#readNow(this.#missing(valuesOf, valuesOf));
  }

  /** Reads indexes of a remote file at once: of some leaves' values, and where all leaves' pages are. @throws RayexecError `io` */
  async fetch(leaves: readonly LeafLayout[], valuesOf: readonly LeafLayout[]): Promise<void> {
    const missing = this.#missing([...leaves, ...valuesOf], valuesOf);
    for (const { from, bytes, members } of await fetchChunks(this.#source, missing))
      keep(missing, members, from, bytes);
  }

  /** Where a leaf's pages are; of a local file that is read when it was not, to pass over so many rows. */
  locate(leaf: LeafLayout, rows: number): PagePlaces | undefined {
    if (rows >= LEAST_ROWS && this.#source.isRemote !== true) this.#readNow(this.#missing([leaf], []));
    return this.places(leaf);
  }

  /** As far as it was read. */
  places({ leaf }: LeafLayout): PagePlaces | undefined {
    const bytes = this.#offsets.get(leaf);
    if (!this.#places.has(leaf) && bytes !== undefined) {
      const [offset, length, , rows] = this.#group.chunks[leaf]!;
      this.#places.set(leaf, bytes.length > 0 ? pagePlaces(bytes, { offset, length }, rows) : undefined);
    }
    return this.#places.get(leaf);
  }

  /** The values of each page of `places`, as far as that was read. */
  ranges(leaf: LeafLayout): readonly ColumnRange[] | undefined {
    const bytes = this.#values.get(leaf.leaf);
    if (!this.#ranges.has(leaf.leaf) && bytes !== undefined) {
      const places = this.places(leaf);
      this.#ranges.set(leaf.leaf, places && bytes.length > 0 ? pageRanges(bytes, leaf, places) : undefined);
    }
    return this.#ranges.get(leaf.leaf);
  }

  #readNow(missing: readonly Missing[]): void {
    for (const { from, end, members } of neighbours(missing, GAP_BYTES)) {
      const bytes = new Uint8Array(end - from);
      void this.#source.read(from, bytes);
      keep(missing, members, from, bytes);
    }
  }

  /** The indexes that were not read yet. */
  #missing(leaves: readonly LeafLayout[], valuesOf: readonly LeafLayout[]): readonly Missing[] {
    const missing: Missing[] = [];
    const want = (kept: Map<number, Uint8Array>, leaf: number, offset: number, length: number): void => {
      if (kept.has(leaf)) return;
      kept.set(leaf, NO_BYTES);
      if (length > 0 && length <= MOST_BYTES && offset + length <= this.#source.size)
        missing.push({ offset, length, keep: bytes => kept.set(leaf, bytes) });
    };
    for (const { leaf } of leaves) {
      const [offset, length] = this.#group.indexes?.[leaf] ?? [0, 0];
      want(this.#offsets, leaf, offset, length);
    }
    for (const { leaf } of valuesOf) {
      const [, , offset, length] = this.#group.indexes?.[leaf] ?? [0, 0, 0, 0];
      want(this.#values, leaf, offset, length);
    }
    return missing;
  }
}

/** An index, and where its bytes go. */
type Missing = Place & { readonly keep: (bytes: Uint8Array) => void };

/** Hands out what was read of some of them, together. */
function keep(missing: readonly Missing[], members: readonly number[], from: number, bytes: Uint8Array): void {
  for (const i of members) {
    const { offset, length, keep } = missing[i]!;
    keep(bytes.subarray(offset - from, offset - from + length));
  }
}
