import type { LinearMemory } from '../../../memory/linear-memory.ts';
import type { PhysicalExpr } from '../../../plan/expr.ts';
import type { RuntimeFilterId } from '../../../protocol/operator.ts';

/** A filter that an operator makes of what it has stored, for scans that run later. */
export type MadeFilter = {
  readonly id: RuntimeFilterId;
  /** Which of the operator's keys. */
  readonly key: number;
};

/** A filter that a scan applies, if it was made by the time the scan begins. */
export type AppliedFilter = {
  readonly id: RuntimeFilterId;
  /** Over the scan's columns: what is looked for among the values stored. */
  readonly key: PhysicalExpr;
};

/**
 * What a filter tells of the values stored: nothing at all, that there are none, which of a range there are (a bitmap),
 * or which there may be (a Bloom filter).
 */
export type FilterForm = 'absent' | 'nothing' | 'bitmap' | 'bloom';
const FORMS: readonly FilterForm[] = ['absent', 'nothing', 'bitmap', 'bloom'];

/** A filter's slot in shared memory, by address offset: what kernels/assembly/direct-joins.ts and bloom.ts read, then bounds. */
export const FILTER_SLOT = {
  base: 0,
  span: 8,
  bits: 12,
  form: 16,
  shift: 20,
  least: 24,
  greatest: 32,
  bytes: 40,
} as const;

export const filterForm = (memory: LinearMemory, slot: number): FilterForm =>
  FORMS[memory.u32[(slot + FILTER_SLOT.form) >>> 2]!]!;

export function setFilterForm(memory: LinearMemory, slot: number, form: FilterForm): void {
  memory.u32[(slot + FILTER_SLOT.form) >>> 2] = FORMS.indexOf(form);
}
