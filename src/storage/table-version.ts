import type { VectorRef } from '../batch/vector-ref.ts';
import type { LinearMemory } from '../memory/linear-memory.ts';
import type { ColumnStatistics, Split, TableStatistics } from '../plan/logical-plan.ts';
import { mergeRanges } from './column-range.ts';
import { isLiveAt, liveRanges, liveRows, type Segment, type SegmentGroup } from './segment.ts';

/** A segment of a table, and the groups whose memory it lies in. */
export type Part = { readonly segment: Segment; readonly groups: readonly SegmentGroup[] };

/**
 * The state of a table that a statement sees: segments in order. A change makes a new version that shares what it keeps.
 * A row's id is its position, counted over all segments; it is the row's for as long as versions only append, delete
 * and overwrite.
 */
export class TableVersion {
  readonly parts: readonly Part[];
  /** The id of each part's first row. */
  readonly starts: readonly number[];
  /** One more than the highest row id. */
  readonly positions: number;
  readonly #groups: ReadonlySet<SegmentGroup>;

  /** The version is a user of its parts' groups until it is released. */
  constructor(parts: readonly Part[] = []) {
    this.parts = parts;
    let positions = 0;
    this.starts = parts.map(({ segment }) => {
      positions += segment.rows;
      return positions - segment.rows;
    });
    this.positions = positions;
    this.#groups = new Set(parts.flatMap(p => p.groups));
    this.retain();
  }

  /** A version of one group's rows; the maker's use of the group passes to it. */
  static of(group: SegmentGroup): TableVersion {
    const version = new TableVersion(group.segments.map(segment => ({ segment, groups: [group] })));
    group.release();
    return version;
  }

  get rows(): number {
    return this.parts.reduce((sum, p) => sum + liveRows(p.segment), 0);
  }

  /** A version with the rows of another behind these. */
  append(other: TableVersion): TableVersion {
    return new TableVersion([...this.parts, ...other.parts]);
  }

  /** The first columns of these rows, as a version of their own. */
  firstColumns(count: number): TableVersion {
    return new TableVersion(
      this.parts.map(({ segment, groups }) => ({
        segment: { ...segment, columns: segment.columns.slice(0, count) },
        groups,
      })),
    );
  }

  retain(): void {
    for (const g of this.#groups) g.retain();
  }

  release(): void {
    for (const g of this.#groups) g.release();
  }

  /** The part that has a row; the row's position there is its id less the part's start. */
  partOf(rowId: number): number {
    let [low, high] = [0, this.starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.starts[middle]! <= rowId) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** Whether the row of an id was not deleted. */
  hasRow(memory: LinearMemory, id: number): boolean {
    const part = this.partOf(id);
    return isLiveAt(memory, this.parts[part]!.segment, id - this.starts[part]!);
  }

  /** The parts of a scan: one per segment. */
  splits(): readonly Split[] {
    return this.parts.map(({ segment }, i) => ({
      rows: liveRows(segment),
      ranges: liveRanges(segment),
      state: { ...segment, start: this.starts[i]! } as unknown as Split['state'],
    }));
  }

  statistics(): TableStatistics {
    const segments = this.parts.map(p => p.segment);
    const columns: Record<number, ColumnStatistics> = {};
    for (const c of segments[0]?.columns.keys() ?? []) {
      const range = segments.map(s => s.ranges?.[c]).reduce(mergeRanges);
      const distinct = distinctOf(segments.map(s => s.columns[c]!));
      if (range !== undefined || distinct !== undefined) columns[c] = { ...range, ...(distinct && { distinct }) };
    }
    return { rows: this.rows, exactRows: true, columns };
  }
}

/** Distinct values of a column's segments, roughly: those of its largest dictionary. */
function distinctOf(columns: readonly VectorRef[]): number | undefined {
  const sizes = columns.map(c => c.dictionary?.length);
  return sizes.reduce((a, b) => (a === undefined || b === undefined ? undefined : Math.max(a, b)));
}
