import type { ForeignKey, TableEntry } from '../../catalog/entry.ts';
import type { Binder } from '../binder.ts';
import { sameName } from '../scope.ts';

/** A foreign key, and the table that has it. */
export type Reference = { readonly from: TableEntry; readonly key: ForeignKey };

/** The foreign keys of all tables that refer to one. */
export function referencing({ catalog }: Pick<Binder, 'catalog'>, table: TableEntry): readonly Reference[] {
  return catalog
    .entries()
    .flatMap(e =>
      e.kind === 'table' ? e.constraints.foreignKeys.filter(k => isOf(k, table)).map(key => ({ from: e, key })) : [],
    );
}

/** Whether a foreign key refers to a table. */
export const isOf = ({ table: { schema, name } }: ForeignKey, table: TableEntry): boolean =>
  sameName(schema, table.schema) && sameName(name, table.name);
