import type { TableEntry } from '../../catalog/entry.ts';
import type { BoundStatement, TableDefinition } from '../bound-statement.ts';
import { targetOf } from './bind-insert.ts';

/** The order to give a table another definition; its rows stay as they are. */
export function alteredTable(
  table: TableEntry,
  change: Partial<TableDefinition>,
): Extract<BoundStatement, { kind: 'alter-table' }> {
  const { schema, name, columns, constraints, indexes, comment } = { ...table, ...change };
  const definition = { schema, name, columns, constraints, indexes, comment };
  return {
    kind: 'alter-table',
    table: definition,
    from: table.name,
    target: targetOf({ ...table, ...definition }),
  };
}
