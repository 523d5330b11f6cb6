import type { BoundSource, Column, PlanOf } from '../../plan/logical-plan.ts';
import type { Binder } from '../binder.ts';
import type { ScopeColumn } from '../scope.ts';

export type SourceScan = {
  readonly plan: PlanOf<'scan'>;
  /** The columns of the source's schema. */
  readonly columns: readonly Column[];
  /** Those of its hidden columns that are wanted, by each of their names. */
  readonly hidden: readonly ScopeColumn[];
};

/** A scan of all of a source's columns, and of its hidden ones with names that are wanted. */
export function sourceScan(b: Binder, source: BoundSource, wanted: ReadonlySet<string> = b.names): SourceScan {
  const columns = source.schema.map(field => b.newColumn(field.name, field.type, field.nullable));
  const scanned = columns.map((column, index) => ({ column, index }));
  const hidden = (source.hidden ?? []).flatMap(({ name, otherName, type, nullable }, i) => {
    const names = otherName === undefined ? [name] : [name, otherName];
    if (!names.some(n => wanted.has(n))) return [];
    const column = b.newColumn(name, type, nullable);
    scanned.push({ column, index: columns.length + i });
    return names.map(n => ({ name: n, column }));
  });
  return { plan: { kind: 'scan', source, columns: scanned, filters: [] }, columns, hidden };
}
