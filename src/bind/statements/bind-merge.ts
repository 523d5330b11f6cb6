import { storedColumns, type TableColumn, type TableEntry } from '../../catalog/entry.ts';
import { outputOf } from '../../plan/columns.ts';
import type { LogicalPlan } from '../../plan/logical-plan.ts';
import type { Expr } from '../../query/expr.ts';
import type { JoinQuery, Query } from '../../query/query.ts';
import type { Merge, MergeClause } from '../../query/statement.ts';
import { BOOLEAN, INT8, UTF8 } from '../../types/data-type.ts';
import { type Binder, bindError } from '../binder.ts';
import type { BoundStatement } from '../bound-statement.ts';
import { applyJoins } from '../decorrelate/subquery-join.ts';
import { NO_SURROUNDINGS } from '../env.ts';
import { candidates } from '../exprs/bind-name.ts';
import { type Bound, type Scope, sameName } from '../scope.ts';
import { tablesBoundWhereUsed } from '../select/bind-with.ts';
import { within } from '../within.ts';
import { insertColumn, targetOf } from './bind-insert.ts';
import {
  assigned,
  assignments,
  changesQuery,
  NULL_EXPR,
  TARGET,
  TARGET_ID,
  targetColumn,
  targetRows,
} from './column-changes.ts';
import { mergeReturning } from './merge-returning.ts';
import { checksOfDelete, checksOfWrite } from './row-checks.ts';

/** What a row of MERGE's changes asks for: the value of the column behind the row's id. */
export const MERGE_ACTIONS = { insert: 0, update: 1, delete: 2, error: 3 } as const;

const SOURCE = '$source';
const PRESENT = '$present';
const MERGED = '$merge';
const CLAUSE = '$clause';

const call = (fn: string, ...args: readonly Expr[]): Expr => ({ kind: 'call', fn, args });
const name = (...path: readonly string[]): Expr => ({ kind: 'name', path });
const number = (value: number): Expr => ({ kind: 'literal', value: { type: INT8, value } });

/** MERGE: joins the table with the source; the first clause that fits a row says what becomes of it. */
export function bindMerge(b: Binder, statement: Merge): BoundStatement {
  const table = b.catalog.table(statement.table);
  const { clauses } = statement;
  const source = b.query(b, within(statement.with, statement.using), NO_SURROUNDINGS);
  const actions = clauses.map(c => clauseValues(table, source.scope, c, statement));
  const stored = storedColumns(table.columns);
  const rows = withClause(b, joined(b, table, source, statement), statement);
  const byClause = (of: (i: number) => Expr | undefined, otherwise: Expr): Expr => ({
    kind: 'case',
    branches: clauses.flatMap((_, i) => {
      const result = of(i);
      return result === undefined ? [] : [{ when: call('=', name(MERGED, CLAUSE), number(i)), result }];
    }),
    otherwise,
  });
  const values = new Map(
    stored.map(column => {
      const isSet = actions.some(a => a.has(column));
      const value = isSet ? byClause(i => actions[i]!.get(column), targetColumn(column.name)) : undefined;
      return [column, value ?? targetColumn(column.name)];
    }),
  );
  const action = byClause(i => {
    const { kind } = clauses[i]!.action;
    return kind === 'nothing' ? undefined : number(MERGE_ACTIONS[kind]);
  }, NULL_EXPR);
  const message = byClause(i => errorMessage(b, clauses[i]!), NULL_EXPR);
  const changes = changesQuery(
    b,
    table,
    { from: rows, where: call('is not null', name(MERGED, CLAUSE)), with: statement.with },
    values,
    stored,
    [
      { expr: { kind: 'cast', input: action, type: INT8, try: false }, alias: 'action' },
      { expr: { kind: 'cast', input: message, type: UTF8, try: false }, alias: 'message' },
    ],
  );
  const updated = clauses.flatMap((c, i) => (c.action.kind === 'update' ? [...actions[i]!.keys()] : []));
  const set = stored.flatMap((c, i) => (updated.includes(c) ? [i] : []));
  const writes = checksOfWrite(b, table);
  const lost = clauses.some(c => c.action.kind === 'update' || c.action.kind === 'delete');
  return {
    kind: 'modify',
    action: 'merge',
    target: targetOf(table),
    ...changes,
    set,
    checks: lost ? { ...writes, table: [...writes.table, ...checksOfDelete(b, table).table] } : writes,
    returning: mergeReturning(b, table, statement),
  };
}

/** Both sides of the join, as far as a clause asks for rows without a partner. */
function joined(b: Binder, table: TableEntry, source: Bound, { on, alias, clauses, table: { span } }: Merge): Query {
  const asks = (when: MergeClause['when']) => clauses.some(c => c.when === when);
  const [left, right] = [asks('not-matched'), asks('not-matched-by-source')];
  const type: JoinQuery['type'] = left && right ? 'full' : left ? 'left' : right ? 'right' : 'inner';
  const marked = withMark(b, source);
  const target = targetRows(b, table, alias);
  const equal = (column: string): Expr => {
    if (!source.scope.columns.some(c => sameName(c.name, column)))
      throw bindError(`Column "${column}" does not exist in the source of MERGE`, span);
    const own = table.columns.map(c => c.name);
    if (!own.some(c => sameName(c, column)))
      throw bindError(`Column "${column}" does not exist in table "${table.name}"`, span, candidates(column, own));
    return call('=', name(SOURCE, column), name(TARGET, column));
  };
  const predicate = Array.isArray(on) ? on.map(equal).reduce((x, y) => call('and', x, y)) : (on as Expr);
  return { kind: 'join', type, left: b.give(marked), right: target, on: { kind: 'on', predicate } };
}

/** The source with a column that is TRUE in each of its rows, and with a name that nobody else has. */
function withMark(b: Binder, { plan, scope }: Bound): Bound {
  const mark = b.project(PRESENT, { kind: 'literal', value: { type: BOOLEAN, value: true } }, BOOLEAN, false);
  const kept = outputOf(plan).map(column => ({ column, expr: b.ref(column) }));
  const own = { name: SOURCE, path: [], columns: [...scope.columns, { name: PRESENT, column: mark.column }] };
  return {
    plan: { kind: 'project', input: plan, columns: [...kept, mark] },
    scope: { columns: scope.columns, relations: [...scope.relations, own] },
  };
}

/** The joined rows with the number of the clause that fits, NULL where none does. */
function withClause(b: Binder, rows: Query, { clauses, with: tables }: Merge): Query {
  const ctes = tables && tablesBoundWhereUsed(tables);
  const { plan, scope } = b.query(b, rows, { outer: undefined, ctes });
  const hasSource = call('is not null', name(SOURCE, PRESENT));
  const hasTarget = call('is not null', name(TARGET, TARGET_ID));
  const fits = ({ when, condition }: MergeClause): Expr => {
    const side =
      when === 'matched'
        ? call('and', hasSource, hasTarget)
        : call('not', when === 'not-matched' ? hasTarget : hasSource);
    return condition === undefined ? side : call('and', side, condition);
  };
  const expr: Expr = {
    kind: 'case',
    branches: clauses.map((c, i) => ({ when: fits(c), result: c.action.kind === 'nothing' ? NULL_EXPR : number(i) })),
  };
  const env = { scope, outer: undefined, ctes, clause: 'WHEN clause', joins: [] };
  const bound = b.expr(b, env, { kind: 'cast', input: expr, type: INT8, try: false });
  const input = applyJoins(b, plan, env.joins);
  const clause = b.project(CLAUSE, bound, INT8, true);
  const kept = outputOf(input).map(column => ({ column, expr: b.ref(column) }));
  const numbered: LogicalPlan = { kind: 'project', input, columns: [...kept, clause] };
  const own = { name: MERGED, path: [], columns: [{ name: CLAUSE, column: clause.column }] };
  return b.give({ plan: numbered, scope: { ...scope, relations: [...scope.relations, own] } });
}

/** What a clause writes to stored columns. */
function clauseValues(
  table: TableEntry,
  source: Scope,
  { action }: MergeClause,
  { table: { span } }: Merge,
): ReadonlyMap<TableColumn, Expr> {
  const stored = storedColumns(table.columns);
  const byPlace = (word: 'by-name' | 'by-position'): ReadonlyMap<TableColumn, Expr> => {
    if (word === 'by-position' && source.columns.length !== stored.length) {
      throw bindError(
        `table ${table.name} has ${stored.length} columns but the source of MERGE has ${source.columns.length}`,
        span,
        "BY NAME goes by the columns' names",
      );
    }
    return new Map(
      source.columns.map((c, i) => {
        const column = word === 'by-name' ? insertColumn(table, c.name, span) : stored[i]!;
        return [column, assigned(column, name(SOURCE, c.name))];
      }),
    );
  };
  switch (action.kind) {
    case 'update':
      return typeof action.set === 'string' ? byPlace(action.set) : assignments(table, action.set, span);
    case 'insert': {
      const given = typeof action.values === 'string' ? undefined : action.values;
      const named = action.columns?.map(c => insertColumn(table, c, span)) ?? stored;
      if (given !== undefined && given.length !== named.length)
        throw bindError(`${named.length} columns but ${given.length} values were supplied`, given[0]?.span ?? span);
      const values =
        action.values === 'by-name' || action.values === 'by-position'
          ? byPlace(action.values)
          : new Map(given?.map((e, i) => [named[i]!, assigned(named[i]!, e)]));
      return new Map(stored.map(c => [c, values.get(c) ?? assigned(c, c.default ?? NULL_EXPR)]));
    }
    default:
      return new Map();
  }
}

/** What THEN ERROR says, with the condition as it was written. */
function errorMessage(b: Binder, { when, condition, action }: MergeClause): Expr | undefined {
  if (action.kind !== 'error') return undefined;
  const { source } = b.options;
  const place = condition?.span;
  const written = source === undefined || place === undefined ? '…' : source.slice(place.start, place.end);
  const and = condition === undefined ? '' : ` AND ${written}`;
  const text = (value: string): Expr => ({ kind: 'literal', value: { type: UTF8, value } });
  const head = text(`Merge error condition WHEN ${when.replaceAll('-', ' ').toUpperCase()}${and}`);
  return action.message === undefined ? head : call('concat', head, text(': '), action.message);
}
