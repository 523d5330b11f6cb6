import type { VectorRef } from '../batch/vector-ref.ts';
import type { LinearMemory, Owner } from '../memory/linear-memory.ts';
import type { ColumnRange, ColumnStatistics, Split, TableStatistics } from '../plan/logical-plan.ts';
import type { DataType, Schema } from '../types/data-type.ts';
import { columnRange, mergeRanges } from './column-range.ts';

/** Rows of a table, columnwise in linear memory; immutable. As JSON-safe data it is the state of a scan's split. */
export type Segment = {
  readonly rows: number;
  readonly columns: readonly VectorRef[];
  readonly ranges?: Readonly<Record<number, ColumnRange>> | undefined;
};

/** A segment of these columns, with the ranges of their values. */
export function segmentOf(
  memory: LinearMemory,
  types: readonly DataType[],
  columns: readonly VectorRef[],
  rows: number,
): Segment {
  const ranges: Record<number, ColumnRange> = {};
  types.forEach((type, c) => {
    const range = columnRange(memory, type, columns[c]!, rows);
    if (range !== undefined) ranges[c] = range;
  });
  return { rows, columns, ranges };
}

/** Segments that came together (one INSERT, one `from()`) and whose bytes have one owner; freed with the last user. */
export class SegmentGroup {
  readonly segments: readonly Segment[];
  readonly #memory: LinearMemory;
  readonly #owner: Owner;
  #users = 1;

  /** Takes over the owner's memory; the maker is the first user. */
  constructor(memory: LinearMemory, owner: Owner, segments: readonly Segment[]) {
    this.#memory = memory;
    this.#owner = owner;
    this.segments = segments;
  }

  retain(): void {
    this.#users++;
  }

  release(): void {
    if (--this.#users === 0) this.#memory.freeOwner(this.#owner);
  }
}

/**
 * The state of a table that a statement sees: a list of segment groups. A change makes a new version that shares the
 * groups that it keeps; whoever reads a version retains its groups meanwhile.
 */
export class TableVersion {
  readonly groups: readonly SegmentGroup[];

  constructor(groups: readonly SegmentGroup[] = []) {
    this.groups = groups;
  }

  get rows(): number {
    return this.groups.reduce((sum, g) => sum + g.segments.reduce((s, segment) => s + segment.rows, 0), 0);
  }

  /** A version with more rows; the group's use by its maker passes to the version. */
  append(group: SegmentGroup): TableVersion {
    return new TableVersion([...this.groups, group]);
  }

  retain(): void {
    for (const g of this.groups) g.retain();
  }

  release(): void {
    for (const g of this.groups) g.release();
  }

  /** The parts of a scan: one per segment. */
  splits(): readonly Split[] {
    return this.groups.flatMap(g =>
      g.segments.map(segment => ({
        rows: segment.rows,
        ranges: segment.ranges,
        state: segment as unknown as Split['state'],
      })),
    );
  }

  statistics(): TableStatistics {
    const segments = this.groups.flatMap(g => g.segments);
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

/** Name and columns of a stored table, apart from its rows. */
export type TableShape = { readonly name: string; readonly schema: Schema };
