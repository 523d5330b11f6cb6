import type { LinearMemory } from '../../../memory/linear-memory.ts';
import type { PhysicalExpr } from '../../../plan/expr.ts';
import type { RuntimeFilterId } from '../../../protocol/operator.ts';

/** A filter that an operator makes of what it has stored, for scans that run later. */
export type MadeFilter = {
  readonly id: RuntimeFilterId;
  /** Which of the operator's keys. */
  readonly key: number;
};

/** A filter that a scan applies: one that was made by the time the scan begins, or a bound that moves meanwhile. */
export type AppliedFilter = {
  readonly id: RuntimeFilterId;
  /** Over the scan's columns: what is looked for among the values stored, or compared with the bound. */
  readonly key: PhysicalExpr;
  /** Of a moving bound: how the values compare with it that are still wanted. */
  readonly keeps?: '<=' | '>=' | undefined;
};

/**
 * What a filter tells of the values stored: nothing at all, that there are none, which of a range there are (a bitmap),
 * or which there may be (a Bloom filter). Or what value none of those wanted lies beyond.
 */
export type FilterForm = 'absent' | 'nothing' | 'bitmap' | 'bloom' | 'bound';
const FORMS: readonly FilterForm[] = ['absent', 'nothing', 'bitmap', 'bloom', 'bound'];

/**
 * A filter's slot in shared memory, by address offset: what kernels/assembly/direct-joins.ts and bloom.ts read, then
 * bounds. A moving bound is where `least` is.
 */
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
