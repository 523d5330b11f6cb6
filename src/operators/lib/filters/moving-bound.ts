import type { Rows } from '../../../batch/batch.ts';
import type { Vector } from '../../../batch/vector.ts';
import { COMPARISONS, selectKernel } from '../../../kernels/comparisons.ts';
import { type VectorContext, validityOf } from '../../../kernels/vectors.ts';
import type { LinearMemory } from '../../../memory/linear-memory.ts';
import type { PhysicalExpr, PhysicalSortKey } from '../../../plan/expr.ts';
import { typeOf } from '../../../plan/expr.ts';
import { type IntegerKey, integerKey, valueAt } from '../rows/integer-key.ts';
import { FILTER_SLOT, filterForm, setFilterForm } from './filter-slot.ts';

/** The column and how it compares with the bound, if a scan can be told of one for this first key of a sort. */
export function boundedKey({
  expr,
  descending,
  nullsFirst,
}: PhysicalSortKey): { readonly key: PhysicalExpr; readonly keeps: '<=' | '>=' } | undefined {
  // Where they come first, rows with NULL are always wanted.
  if (nullsFirst || expr.kind !== 'input' || integerKey([typeOf(expr)]) === undefined) return undefined;
  return { key: expr, keeps: descending ? '>=' : '<=' };
}

/** Moves a bound to `value`, a constant that is not NULL, unless another clone has moved it further. */
export function moveBound(memory: LinearMemory, slot: number, keeps: '<=' | '>=', value: Vector): void {
  const key: IntegerKey = integerKey([value.type])!;
  const next = valueAt(memory, key, value.data);
  const word = (slot + FILTER_SLOT.least) >>> 3;
  for (;;) {
    const old = Atomics.load(memory.i64, word);
    if (filterForm(memory, slot) === 'bound') {
      const known = key === 'u64' ? BigInt.asUintN(64, old) : old;
      if (keeps === '<=' ? known <= next : known >= next) return;
    }
    // Before the form is there, another's bound may get lost: this one is true as well.
    if (Atomics.compareExchange(memory.i64, word, old, BigInt.asIntN(64, next)) === old) break;
  }
  setFilterForm(memory, slot, 'bound');
}

/** The rows whose value is not NULL and not beyond the bound. @param value flat or constant */
export function selectWithin(ctx: VectorContext, slot: number, keeps: '<=' | '>=', value: Vector, rows: Rows): Rows {
  const mask = value.form === 'constant' ? 0 : -1;
  if (mask === 0 && value.isNullConstant(ctx.memory)) return { ...rows, selected: 0 };
  const select = selectKernel(ctx.kernels, value.physical)!;
  const validity = mask === 0 ? 0 : validityOf(ctx, value, rows);
  const out = ctx.arena.alloc((rows.selected + 1) * 2);
  // The slot's word begins with what a narrower type has of it.
  const bound = slot + FILTER_SLOT.least;
  const selected = select(COMPARISONS[keeps], value.data, mask, bound, 0, validity, rows.selection, rows.selected, out);
  return { count: rows.count, selection: out, selected };
}
