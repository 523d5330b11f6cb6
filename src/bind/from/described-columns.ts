import type { TableEntry, ViewEntry } from '../../catalog/entry.ts';
import type { DataType } from '../../types/data-type.ts';
import type { Binder } from '../binder.ts';
import { NO_SURROUNDINGS } from '../env.ts';
import { columnName } from '../exprs/column-name.ts';

/** A column of a table or view, as the catalog's relations tell of it. */
export type Described = {
  readonly name: string;
  readonly type: DataType;
  readonly nullable: boolean;
  readonly default: string | null;
};

/** The columns of a table, or of a view as far as it can be bound. */
export function columnsOf(b: Binder, entry: TableEntry | ViewEntry): readonly Described[] {
  if (entry.kind === 'table') {
    return entry.columns.map(c => {
      const value = c.generated ?? c.default;
      return {
        name: c.name,
        type: c.type,
        nullable: c.nullable,
        default: value === undefined ? null : columnName(value),
      };
    });
  }
  try {
    const { scope } = b.query(b, { kind: 'table', path: [entry.schema, entry.name] }, NO_SURROUNDINGS);
    return scope.columns.map(c => ({ name: c.name, type: c.column.type, nullable: true, default: null }));
  } catch {
    // What the view reads is gone; using it says so.
    return [];
  }
}
