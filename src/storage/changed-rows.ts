import { Arena } from '../memory/arena.ts';
import type { LinearMemory } from '../memory/linear-memory.ts';
import { RowSet } from './row-set.ts';
import { liveRows, type Segment, SegmentGroup } from './segment.ts';
import { type Part, TableVersion } from './table-version.ts';

/** Rows that say what becomes of a table's rows: one of their columns is the id of the row that each is about. */
export type ChangedRows = {
  readonly rows: TableVersion;
  /** The column of row ids, BIGINT, not NULL. */
  readonly idColumn: number;
};

/** Calls `visit` with each id, and the part and position of the row that has it. */
export function forEachChange(
  memory: LinearMemory,
  { rows, idColumn }: ChangedRows,
  visit: (id: number, part: number, position: number) => void,
): void {
  const { u8, u32 } = memory;
  rows.parts.forEach(({ segment }, part) => {
    const { data, form } = segment.columns[idColumn]!;
    const live = segment.live?.bitmap;
    const step = form === 'constant' ? 0 : 2;
    for (let i = 0, at = data >>> 2; i < segment.rows; i++, at += step) {
      if (live !== undefined && ((u8[live + (i >> 3)]! >> (i & 7)) & 1) === 0) continue;
      visit(u32[at]! + u32[at + 1]! * 4_294_967_296, part, i);
    }
  });
}

/** A row by the part that it is in, and its position there. */
export type Place = { readonly part: number; readonly position: number };

/** The changes with one for each row of the table at most: the first. @param positions of the table's version */
export function distinctRows(memory: LinearMemory, changes: ChangedRows, positions: number): TableVersion {
  const seen = new RowSet(positions);
  const repeated: Place[] = [];
  forEachChange(memory, changes, (id, part, position) => {
    if (!seen.add(id)) repeated.push({ part, position });
  });
  return withoutPositions(memory, changes.rows, repeated);
}

/** The version without the rows of these ids (those that are gone already do not matter). */
export function withoutRows(memory: LinearMemory, version: TableVersion, changes: ChangedRows): TableVersion {
  const bitmaps = new LiveBitmaps(memory, version, 'all');
  forEachChange(memory, changes, id => {
    const part = version.partOf(id);
    bitmaps.remove(part, id - version.starts[part]!);
  });
  return bitmaps.version();
}

/** The version without the rows at these places. */
export function withoutPositions(memory: LinearMemory, version: TableVersion, places: readonly Place[]): TableVersion {
  const bitmaps = new LiveBitmaps(memory, version, 'all');
  for (const { part, position } of places) bitmaps.remove(part, position);
  return bitmaps.version();
}

/** The rows at these places alone, of the parts that have some. */
export function onlyPositions(memory: LinearMemory, version: TableVersion, places: readonly Place[]): TableVersion {
  const bitmaps = new LiveBitmaps(memory, version, 'none');
  for (const { part, position } of places) bitmaps.add(part, position);
  return bitmaps.version();
}

/** Which rows of a version stay, for those of its parts where that changes. */
class LiveBitmaps {
  readonly #version: TableVersion;
  readonly #start: 'all' | 'none';
  readonly #arena: Arena;
  readonly #group: SegmentGroup;
  readonly #byPart = new Map<number, { readonly bitmap: number; count: number }>();

  /** @param start the rows that stay unless they are removed, or added: all that are there, or none */
  constructor(memory: LinearMemory, version: TableVersion, start: 'all' | 'none') {
    const owner = memory.newOwner();
    this.#version = version;
    this.#start = start;
    this.#arena = new Arena(memory, owner);
    this.#group = new SegmentGroup(memory, owner, []);
  }

  remove(part: number, position: number): void {
    const live = this.#of(part);
    const { u8 } = this.#arena.memory;
    const at = live.bitmap + (position >> 3);
    const bit = 1 << (position & 7);
    if ((u8[at]! & bit) === 0) return;
    u8[at]! &= ~bit;
    live.count--;
  }

  add(part: number, position: number): void {
    const live = this.#of(part);
    const { u8 } = this.#arena.memory;
    const at = live.bitmap + (position >> 3);
    const bit = 1 << (position & 7);
    if ((u8[at]! & bit) !== 0) return;
    u8[at]! |= bit;
    live.count++;
  }

  version(): TableVersion {
    const parts = this.#version.parts.flatMap((part, i): Part[] => {
      const live = this.#byPart.get(i);
      if (live === undefined) return this.#start === 'all' ? [part] : [];
      const { bitmap, count } = live;
      const groups = [...new Set([...part.groups, this.#group])];
      return [{ segment: { ...part.segment, live: { bitmap, count } }, groups }];
    });
    const version = new TableVersion(parts);
    this.#group.release();
    return version;
  }

  #of(part: number): { readonly bitmap: number; count: number } {
    let live = this.#byPart.get(part);
    if (live === undefined) {
      const { segment } = this.#version.parts[part]!;
      live =
        this.#start === 'all'
          ? { bitmap: this.#copyOf(segment), count: liveRows(segment) }
          : { bitmap: this.#arena.allocZeroed((segment.rows + 7) >> 3), count: 0 };
      this.#byPart.set(part, live);
    }
    return live;
  }

  #copyOf({ rows, live }: Segment): number {
    const { memory } = this.#arena;
    const bytes = (rows + 7) >> 3;
    const bitmap = this.#arena.alloc(bytes);
    if (live === undefined) memory.u8.fill(0xff, bitmap, bitmap + bytes);
    else memory.u8.copyWithin(bitmap, live.bitmap, live.bitmap + bytes);
    return bitmap;
  }
}
