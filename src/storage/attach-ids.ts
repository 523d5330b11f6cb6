import { Arena } from '../memory/arena.ts';
import type { LinearMemory } from '../memory/linear-memory.ts';
import { onlyPositions, type Place } from './changed-rows.ts';
import { type Segment, SegmentGroup } from './segment.ts';
import { type Part, TableVersion } from './table-version.ts';

/** A row by its place, and the id that goes with it. */
export type IdentifiedRow = Place & { readonly id: number };

/** The chosen rows of a version alone, with the ids as one more column (BIGINT) behind the others. */
export function attachIds(memory: LinearMemory, rows: TableVersion, chosen: readonly IdentifiedRow[]): TableVersion {
  const owner = memory.newOwner();
  const arena = new Arena(memory, owner);
  const group = new SegmentGroup(memory, owner, []);
  const ids = rows.parts.map(({ segment }) => arena.allocZeroed(8 * segment.rows));
  for (const { part, position, id } of chosen) {
    const at = (ids[part]! >>> 2) + 2 * position;
    memory.u32[at] = id % 4_294_967_296;
    memory.u32[at + 1] = Math.floor(id / 4_294_967_296);
  }
  const all = new TableVersion(
    rows.parts.map(({ segment, groups }, i): Part => {
      const column = { form: 'flat', length: segment.rows, data: ids[i]!, validity: 0 } as const;
      const extended: Segment = { ...segment, columns: [...segment.columns, column] };
      return { segment: extended, groups: [...groups, group] };
    }),
  );
  group.release();
  const result = onlyPositions(memory, all, chosen);
  all.release();
  return result;
}
