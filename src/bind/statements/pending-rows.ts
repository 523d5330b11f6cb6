import { storedSchema, type TableEntry } from '../../catalog/entry.ts';
import type { BoundQuery, BoundSource } from '../../plan/logical-plan.ts';
import type { Query } from '../../query/query.ts';
import type { Schema } from '../../types/data-type.ts';
import { boundQuery } from '../bind.ts';
import type { Binder } from '../binder.ts';
import { tableRows } from '../from/stored-table.ts';
import { namedScope } from '../scope.ts';

/**
 * A query that reads rows which a statement has not written yet: constraints look at them, RETURNING hands them on.
 * Their scans have no splits until the statement knows them.
 */
export type PendingQuery = BoundQuery;

/** Tells the scan of pending rows apart from scans of tables. */
export const PENDING = 'pending rows';

/** Rows as a table stores them, with more columns behind: as a query that names them like the table. */
export function pendingRows(b: Binder, table: TableEntry, more: Schema = [], alias: string = table.name): Query {
  const { bound } = tableRows(b, table, pendingSource(table, more));
  const { columns, relations } = bound.scope;
  const all = namedScope(alias, columns, alias === table.name ? relations[0]!.path : []);
  return b.give({ plan: bound.plan, scope: all });
}

export const pendingSource = (table: TableEntry, more: Schema): BoundSource => ({
  fn: 'table_scan',
  label: table.name,
  schema: [...storedSchema(table.columns), ...more],
  statistics: {},
  splits: [],
  state: PENDING,
});

/** A query over pending rows. */
export const pendingQuery = (b: Binder, query: Query): PendingQuery => boundQuery(b, query);
