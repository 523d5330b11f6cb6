import type { ColumnRange } from '../../plan/logical-plan.ts';
import type { ByteSource, Platform } from '../../platform/platform.ts';
import { RememberedFiles } from '../remembered-files.ts';
import type { RowGroupState } from './bound-parquet.ts';
import type { LeafLayout } from './column-layout.ts';
import { fetchChunks, neighbours, type Place } from './fetch-chunks.ts';
import { type PagePlaces, pagePlaces, pageRanges } from './page-index.ts';

/** Bytes between indexes of a local file that are rather read than left out. */
const GAP_BYTES = 4096;
/** Fewer rows are passed over by the headers of the pages: those are few, or known from an earlier query. */
const LEAST_ROWS = 65_536;
/** Larger indexes are damage, or take too long to read. */
const MOST_BYTES = 16 << 20;
/** Row groups of a file that are remembered. */
const MOST_GROUPS = 1024;

/** What indexes say, as far as they were read; undefined where they are missing or damaged. */
type Known = {
  /** By leaf. */
  readonly places: Map<number, PagePlaces | undefined>;
  /** By leaf and what is made of its values. */
  readonly ranges: Map<string, readonly ColumnRange[] | undefined>;
};

const remembered = new RememberedFiles<Map<number, Known>>();

/** What is known of the pages of a row group's flat columns, from the indexes that were read by this query or earlier. */
export class GroupPages {
  readonly #group: RowGroupState;
  readonly #source: ByteSource;
  readonly #known: Known;

  constructor(group: RowGroupState, source: ByteSource, platform: Platform) {
    this.#group = group;
    this.#source = source;
    this.#known = knownOf(group, source, platform);
  }

  /** Reads indexes of a local file: of pages' values, and where these are. @throws RayexecError `io` */
  readNow(valuesOf: readonly LeafLayout[]): void {
    this.#readNow(this.#missing(valuesOf, valuesOf));
  }

  /** Reads indexes of a remote file at once: of some leaves' values, and where all leaves' pages are. @throws RayexecError `io` */
  async fetch(leaves: readonly LeafLayout[], valuesOf: readonly LeafLayout[]): Promise<void> {
    const missing = this.#missing([...leaves, ...valuesOf], valuesOf);
    const found: Uint8Array[] = [];
    for (const { from, bytes, members } of await fetchChunks(this.#source, missing))
      handOut(missing, members, from, bytes, found);
    decode(missing, found);
  }

  /** Where a leaf's pages are; of a local file that is read when it was not, to pass over so many rows. */
  locate(leaf: LeafLayout, rows: number): PagePlaces | undefined {
    if (rows >= LEAST_ROWS && this.#source.isRemote !== true) this.#readNow(this.#missing([leaf], []));
    return this.places(leaf);
  }

  /** As far as it was read. */
  places({ leaf }: LeafLayout): PagePlaces | undefined {
    return this.#known.places.get(leaf);
  }

  /** The values of each page of `places`, as far as that was read. */
  ranges(leaf: LeafLayout): readonly ColumnRange[] | undefined {
    return this.#known.ranges.get(keyOf(leaf));
  }

  #readNow(missing: readonly Index[]): void {
    const found: Uint8Array[] = [];
    for (const { from, end, members } of neighbours(missing, GAP_BYTES)) {
      const bytes = new Uint8Array(end - from);
      void this.#source.read(from, bytes);
      handOut(missing, members, from, bytes, found);
    }
    decode(missing, found);
  }

  /** The indexes that were not read yet: where pages are first. */
  #missing(leaves: readonly LeafLayout[], valuesOf: readonly LeafLayout[]): readonly Index[] {
    const { chunks, indexes } = this.#group;
    const { places, ranges } = this.#known;
    const missing: Index[] = [];
    for (const { leaf } of new Set(leaves)) {
      const [offset, length] = indexes?.[leaf] ?? [0, 0];
      const [from, bytes, , rows] = chunks[leaf]!;
      const chunk = { offset: from, length: bytes };
      if (this.#canRead(offset, length) && !places.has(leaf))
        missing.push({ offset, length, decode: found => places.set(leaf, pagePlaces(found, chunk, rows)) });
    }
    for (const leaf of new Set(valuesOf)) {
      const [, , offset, length] = indexes?.[leaf.leaf] ?? [0, 0, 0, 0];
      const key = keyOf(leaf);
      const decode = (found: Uint8Array): void => {
        const known = places.get(leaf.leaf);
        ranges.set(key, known && pageRanges(found, leaf, known));
      };
      if (this.#canRead(offset, length) && !ranges.has(key)) missing.push({ offset, length, decode });
    }
    return missing;
  }

  #canRead(offset: number, length: number): boolean {
    return length > 0 && length <= MOST_BYTES && offset + length <= this.#source.size;
  }
}

/** An index to be read, and what is made of its bytes. */
type Index = Place & { readonly decode: (bytes: Uint8Array) => void };

/** Finds in what was read together the bytes of each. */
function handOut(
  indexes: readonly Index[],
  members: readonly number[],
  from: number,
  bytes: Uint8Array,
  found: Uint8Array[],
): void {
  for (const i of members) {
    const { offset, length } = indexes[i]!;
    found[i] = bytes.subarray(offset - from, offset - from + length);
  }
}

function decode(indexes: readonly Index[], found: readonly Uint8Array[]): void {
  for (const [i, index] of indexes.entries()) index.decode(found[i]!);
}

function knownOf({ group }: RowGroupState, { path, version }: ByteSource, platform: Platform): Known {
  const nothing: Known = { places: new Map(), ranges: new Map() };
  if (version === undefined) return nothing;
  let groups = remembered.get(platform, path, version);
  if (groups === undefined) {
    groups = new Map();
    remembered.set(platform, path, version, groups);
  }
  const known = groups.get(group) ?? nothing;
  if (groups.size >= MOST_GROUPS && known === nothing) groups.clear();
  groups.set(group, known);
  return known;
}

/** A file's values may be read as one type and as another. */
const keyOf = (leaf: LeafLayout): string => `${leaf.leaf} ${JSON.stringify(leaf.type)}`;
