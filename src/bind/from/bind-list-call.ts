import { RayexecError } from '../../common/errors.ts';
import { typeOf } from '../../plan/expr.ts';
import type { Column, LogicalPlan } from '../../plan/logical-plan.ts';
import type { CallExpr, Expr } from '../../query/expr.ts';
import type { Query, TableFunctionQuery } from '../../query/query.ts';
import { INT64, list, NULL } from '../../types/data-type.ts';
import { typeName } from '../../types/type-name.ts';
import { type Binder, bindError } from '../binder.ts';
import { integerOf, literal, nullOf } from '../constant.ts';
import { type ConstantContext, constantOf } from '../constant-value.ts';
import { applyJoins } from '../decorrelate/subquery-join.ts';
import type { ExprEnv, QueryEnv } from '../env.ts';
import { makeCall } from '../exprs/bind-call.ts';
import { structField } from '../exprs/bind-name.ts';
import { type Bound, distinctlyNamed, EMPTY_SCOPE, namedScope, scopeColumn } from '../scope.ts';
import { ONE_ROW } from './one-row.ts';

type Call = TableFunctionQuery & Pick<Query, 'span'>;

/** Functions in FROM that make rows of a list, by the scalar function that makes the list of their arguments. */
const LISTS: Readonly<Record<string, string>> = {
  range: 'range',
  generate_series: 'generate_series',
  regexp_split_to_table: 'regexp_split_to_array',
  json_each: 'json_each',
  json_tree: 'json_tree',
};
/** Of these, the ones that count without a list where their arguments are constants. */
const COUNTS: ReadonlySet<string> = new Set(['range', 'generate_series']);
/** Of these, the ones whose lists are of structs, whose fields become columns. */
const RECORDS: ReadonlySet<string> = new Set(['json_each', 'json_tree']);

/** Whether a function in FROM is UNNEST, or one whose rows are a list computed of columns of earlier relations. */
export function isListCall(call: Call, constants: ConstantContext): boolean {
  const name = call.name.toLowerCase();
  if (name === 'unnest') return true;
  if (LISTS[name] === undefined) return false;
  if (!COUNTS.has(name)) return true;
  if (call.named !== undefined) return false;
  const isConstant = (e: Expr): boolean => e.kind === 'parameter' || constantOf(e, constants) !== undefined;
  return call.ordinality === true || !call.args.every(isConstant);
}

/** Whether a query is a function that gives one column (and perhaps its number). */
export function isSingleColumn(query: Query): boolean {
  if (query.kind !== 'table-function') return false;
  const name = query.name.toLowerCase();
  return name === 'unnest' ? query.args.length === 1 : LISTS[name] !== undefined && !RECORDS.has(name);
}

/**
 * UNNEST in FROM, and functions like it: one row per element of the lists side by side. The arguments see the columns
 * of what stands before, as LATERAL does.
 */
export function bindListCall(b: Binder, call: Call, env: QueryEnv): Bound {
  const name = call.name.toLowerCase();
  const place: ExprEnv = { scope: EMPTY_SCOPE, outer: env.outer, ctes: env.ctes, clause: 'FROM clause', joins: [] };
  if (call.args.length === 0 && name === 'unnest')
    throw bindError('UNNEST in FROM takes lists', call.span, 'FROM unnest([1, 2])');
  const option = Object.values(call.named ?? {})[0];
  if (option !== undefined) {
    const hint = name === 'unnest' ? 'those belong to UNNEST in a SELECT list' : 'give its arguments by position';
    throw bindError(`${call.name.toUpperCase()} in FROM has no options`, option.span ?? call.span, hint);
  }
  const makers: readonly Expr[] = name === 'unnest' ? call.args : [madeBy(LISTS[name]!, call)];
  const lists = makers.map(maker => {
    const given = b.expr(b, place, maker);
    const expr = typeOf(given).kind === 'null' ? nullOf(list(NULL)) : given;
    const type = typeOf(expr);
    if (type.kind !== 'list' && type.kind !== 'array')
      throw bindError(`UNNEST in FROM needs a list or an array, not ${typeName(type)}`, maker.span ?? call.span);
    return { column: b.newColumn(name, type.element, true), expr };
  });
  const isRecord = RECORDS.has(name);
  const ordinality = call.ordinality === true || isRecord ? b.newColumn('ordinality', INT64, false) : undefined;
  const input = applyJoins(b, ONE_ROW, place.joins);
  const plan: LogicalPlan = { kind: 'unnest', input, lists, keepsEmpty: false, ordinality };
  if (isRecord) return recordColumns(b, call, plan, lists[0]!.column, ordinality!);
  const columns = [...lists.map(l => l.column), ...(ordinality === undefined ? [] : [ordinality])];
  return { plan, scope: namedScope(name, distinctlyNamed(columns.map(scopeColumn))) };
}

/** The fields of a list's structs as columns; `rowid`, which is hidden, counts the rows of each list from 0. */
function recordColumns(b: Binder, call: Call, input: LogicalPlan, record: Column, ordinality: Column): Bound {
  if (record.type.kind !== 'struct') throw new RayexecError('internal', `${call.name} gives no structs`);
  const fields = record.type.fields.map(({ name, type }) => ({
    column: b.newColumn(name, type, true),
    expr: structField(b, b.ref(record), name, call.span),
  }));
  const before = makeCall(b, '-', [b.ref(ordinality), literal(integerOf(INT64, 1n))]);
  const rowid = { column: b.newColumn('rowid', INT64, false), expr: before };
  const number = { column: b.newColumn('ordinality', INT64, false), expr: b.ref(ordinality) };
  const shown = call.ordinality === true ? [...fields, number] : fields;
  const plan: LogicalPlan = { kind: 'project', input, columns: [...shown, rowid] };
  return {
    plan,
    scope: namedScope(
      call.name,
      shown.map(c => scopeColumn(c.column)),
      [],
      [scopeColumn(rowid.column)],
    ),
  };
}

const madeBy = (fn: string, { args, span }: Call): CallExpr & Pick<Expr, 'span'> => ({ kind: 'call', fn, args, span });
