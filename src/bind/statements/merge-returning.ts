import type { TableEntry } from '../../catalog/entry.ts';
import { outputOf } from '../../plan/columns.ts';
import type { Expr } from '../../query/expr.ts';
import type { Merge } from '../../query/statement.ts';
import { INT8, INT64, UTF8 } from '../../types/data-type.ts';
import type { Binder } from '../binder.ts';
import { tableRows } from '../from/stored-table.ts';
import { namedScope } from '../scope.ts';
import { bindReturning } from './bind-returning.ts';
import { TARGET_ID } from './column-changes.ts';
import { type PendingQuery, pendingSource } from './pending-rows.ts';

const ACTION = '$action';

/** RETURNING of MERGE: the rows written and taken away, and `merge_action`: INSERT, UPDATE or DELETE. */
export function mergeReturning(b: Binder, table: TableEntry, statement: Merge): PendingQuery | undefined {
  if (statement.returning === undefined) return undefined;
  const source = pendingSource(table, [
    { name: TARGET_ID, type: INT64, nullable: true },
    { name: ACTION, type: INT8, nullable: false },
  ]);
  const { bound, stored } = tableRows(b, table, source);
  const action = { name: ACTION, column: stored.at(-1)! };
  const words = ['INSERT', 'UPDATE', 'DELETE'];
  const word: Expr = {
    kind: 'case',
    operand: { kind: 'name', path: [ACTION] },
    branches: words.map((value, i) => ({
      when: { kind: 'literal', value: { type: INT8, value: i } },
      result: { kind: 'literal', value: { type: UTF8, value } },
    })),
  };
  const scope = { columns: [action], relations: [] };
  const env = { scope, outer: undefined, ctes: undefined, clause: 'RETURNING', joins: [] };
  const merged = b.project('merge_action', b.expr(b, env, word), UTF8, false);
  const kept = outputOf(bound.plan).map(column => ({ column, expr: b.ref(column) }));
  const columns = bound.scope.columns.filter(c => c.name !== TARGET_ID && c.name !== ACTION);
  const hidden = [{ name: 'merge_action', column: merged.column }];
  const from = b.give({
    plan: { kind: 'project', input: bound.plan, columns: [...kept, merged] },
    scope: namedScope(statement.alias ?? table.name, columns, [], hidden),
  });
  return bindReturning(b, table, statement, from);
}
