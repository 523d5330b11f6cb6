import { storedColumns, type TableColumn, type TableEntry } from '../../catalog/entry.ts';
import type { Span } from '../../common/errors.ts';
import type { Expr } from '../../query/expr.ts';
import type { Query } from '../../query/query.ts';
import type { Insert, OnConflict } from '../../query/statement.ts';
import { INT64 } from '../../types/data-type.ts';
import { type Binder, bindError } from '../binder.ts';
import { tableRows } from '../from/stored-table.ts';
import { sameName } from '../scope.ts';
import {
  assigned,
  assignments,
  type Changes,
  changesQuery,
  TARGET_ID,
  targetColumn,
  targetRows,
} from './column-changes.ts';
import { pendingSource } from './pending-rows.ts';
import { checksOfWrite } from './row-checks.ts';

/** What INSERT does with rows whose key is there already. */
export type ConflictHandling = {
  /** Indexes of the table's keys that may be violated; violating another one is an error. */
  readonly keys: readonly number[];
  /**
   * DO UPDATE, in a query that reads the conflicting rows as pending ones: the table's stored columns, and the id of the
   * row that each is in conflict with. Absent: DO NOTHING.
   */
  readonly update?: Changes | undefined;
};

/** @param named the columns that INSERT names: what OR REPLACE replaces */
export function bindConflict(
  b: Binder,
  table: TableEntry,
  conflict: OnConflict,
  named: readonly TableColumn[],
  { alias, span, with: clause }: Pick<Insert, 'alias' | 'with'> & { readonly span?: Span | undefined },
): ConflictHandling {
  const { action } = conflict;
  const keys = conflictKeys(table, conflict, span);
  if (action === 'nothing') return { keys };
  if (keys.length > 1) {
    throw bindError(
      'Conflict target has to be provided for a DO UPDATE operation when the table has multiple UNIQUE/PRIMARY KEY constraints',
      span,
      'name the columns of one of them: ON CONFLICT (…)',
    );
  }
  const isKey = (c: TableColumn) => table.constraints.keys[keys[0]!]!.columns.some(k => sameName(k, c.name));
  const values =
    action === 'replace'
      ? new Map(named.filter(c => !isKey(c)).map(c => [c, assigned(c, excludedColumn(c.name))]))
      : assignments(table, action.set, span);
  const where = action === 'replace' ? undefined : action.where;
  const stored = storedColumns(table.columns);
  const changes = changesQuery(b, table, { from: conflicts(b, table, alias), where, with: clause }, values, stored);
  const checks = checksOfWrite(
    b,
    table,
    [...values.keys()].map(c => c.name),
  );
  return { keys, update: { ...changes, checks } };
}

function conflictKeys(table: TableEntry, { columns }: OnConflict, span: Span | undefined): readonly number[] {
  const { keys } = table.constraints;
  if (keys.length === 0) {
    throw bindError(
      'There are no UNIQUE/PRIMARY KEY constraints that refer to this table, specify ON CONFLICT columns manually',
      span,
    );
  }
  if (columns === undefined) return keys.map((_, i) => i);
  const unknown = columns.find(name => !table.columns.some(c => sameName(c.name, name)));
  if (unknown !== undefined) throw bindError(`Table "${table.name}" does not have a column named "${unknown}"`, span);
  const found = keys.findIndex(
    k =>
      columns.every(c => k.columns.some(o => sameName(c, o))) &&
      k.columns.every(o => columns.some(c => sameName(c, o))),
  );
  if (found >= 0) return [found];
  throw bindError(
    'The specified columns as conflict target are not referenced by a UNIQUE/PRIMARY KEY CONSTRAINT or INDEX',
    span,
    `keys of ${table.name}: ${keys.map(k => `(${k.columns.join(', ')})`).join(', ')}`,
  );
}

const EXCLUDED = 'excluded';
const excludedColumn = (name: string): Expr => ({ kind: 'name', path: [EXCLUDED, name] });

/** Each conflicting row, called `excluded`, beside the row that is there already. */
function conflicts(b: Binder, table: TableEntry, alias: string | undefined): Query {
  const source = pendingSource(table, [{ name: TARGET_ID, type: INT64, nullable: false }]);
  const { bound, stored } = tableRows(b, table, source);
  const { columns } = bound.scope;
  const shown = columns.filter(c => c.name !== TARGET_ID);
  const conflictId = stored.at(-1)!;
  // Bare names mean the table's columns.
  const relations = [
    { name: EXCLUDED, path: [], columns: shown },
    { name: EXCLUDED_ID, path: [], columns: [{ name: TARGET_ID, column: conflictId }] },
  ];
  const left = b.give({ plan: bound.plan, scope: { columns: [], relations } });
  const isRow: Expr = {
    kind: 'call',
    fn: '=',
    args: [{ kind: 'name', path: [EXCLUDED_ID, TARGET_ID] }, targetColumn(TARGET_ID)],
  };
  return {
    kind: 'join',
    type: 'inner',
    left,
    right: targetRows(b, table, alias),
    on: { kind: 'on', predicate: isRow },
  };
}

const EXCLUDED_ID = '$excluded';
