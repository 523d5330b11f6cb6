import type { TableEntry, ViewEntry } from '../../catalog/entry.ts';
import { fullPath } from '../../catalog/schema-key.ts';
import type { DataType } from '../../types/data-type.ts';
import type { Binder } from '../binder.ts';
import { NO_SURROUNDINGS } from '../env.ts';
import { columnName } from '../exprs/column-name.ts';

/** A column of a table or view, as the catalog's relations tell of it. */
export type Described = {
  readonly name: string;
  readonly type: DataType;
  readonly nullable: boolean;
  /** The default, or what a generated column is computed by. */
  readonly default: string | null;
  readonly isGenerated: boolean;
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
        isGenerated: c.generated !== undefined,
      };
    });
  }
  try {
    const { scope } = b.query(b, { kind: 'table', path: fullPath(entry) }, NO_SURROUNDINGS);
    return scope.columns.map(c => ({
      name: c.name,
      type: c.column.type,
      nullable: true,
      default: null,
      isGenerated: false,
    }));
  } catch {
    // What the view reads is gone; using it says so.
    return [];
  }
}
