import { typeOf } from '../../plan/expr.ts';
import type { LogicalPlan } from '../../plan/logical-plan.ts';
import type { CallExpr, Expr } from '../../query/expr.ts';
import type { Query, TableFunctionQuery } from '../../query/query.ts';
import { INT64, list, NULL } from '../../types/data-type.ts';
import { typeName } from '../../types/type-name.ts';
import { type Binder, bindError } from '../binder.ts';
import { nullOf } from '../constant.ts';
import { type ConstantContext, constantOf } from '../constant-value.ts';
import { applyJoins } from '../decorrelate/subquery-join.ts';
import type { ExprEnv, QueryEnv } from '../env.ts';
import { type Bound, distinctlyNamed, EMPTY_SCOPE, namedScope, scopeColumn } from '../scope.ts';
import { ONE_ROW } from './one-row.ts';

type Call = TableFunctionQuery & Pick<Query, 'span'>;

/** Functions in FROM that make rows of a list, by the scalar function that makes the list of their arguments. */
const LISTS: Readonly<Record<string, string>> = {
  range: 'range',
  generate_series: 'generate_series',
  regexp_split_to_table: 'regexp_split_to_array',
};
/** Of these, the ones that count without a list where their arguments are constants. */
const COUNTS: ReadonlySet<string> = new Set(['range', 'generate_series']);

/** Whether a function in FROM is UNNEST, or one whose rows are a list computed of columns of earlier relations. */
export function isListCall(call: Call, constants: ConstantContext): boolean {
  const name = call.name.toLowerCase();
  if (name === 'unnest') return true;
  if (LISTS[name] === undefined || call.named !== undefined) return false;
  const isConstant = (e: Expr): boolean => e.kind === 'parameter' || constantOf(e, constants) !== undefined;
  return call.ordinality === true || !COUNTS.has(name) || !call.args.every(isConstant);
}

/** Whether a query is a function that gives one column (and perhaps its number). */
export const isSingleColumn = (query: Query): boolean =>
  query.kind === 'table-function' &&
  (query.name.toLowerCase() === 'unnest' ? query.args.length === 1 : LISTS[query.name.toLowerCase()] !== undefined);

/**
 * UNNEST in FROM, and functions like it: one row per element of the lists side by side. The arguments see the columns
 * of what stands before, as LATERAL does.
 */
export function bindListCall(b: Binder, call: Call, env: QueryEnv): Bound {
  const name = call.name.toLowerCase();
  const place: ExprEnv = { scope: EMPTY_SCOPE, outer: env.outer, ctes: env.ctes, clause: 'FROM clause', joins: [] };
  if (call.args.length === 0) throw bindError('UNNEST in FROM takes lists', call.span, 'FROM unnest([1, 2])');
  const option = Object.values(call.named ?? {})[0];
  if (option !== undefined)
    throw bindError(
      'UNNEST in FROM has no options',
      option.span ?? call.span,
      'those belong to UNNEST in a SELECT list',
    );
  const makers: readonly Expr[] = name === 'unnest' ? call.args : [madeBy(LISTS[name]!, call)];
  const lists = makers.map(maker => {
    const given = b.expr(b, place, maker);
    const expr = typeOf(given).kind === 'null' ? nullOf(list(NULL)) : given;
    const type = typeOf(expr);
    if (type.kind !== 'list' && type.kind !== 'array')
      throw bindError(`UNNEST in FROM needs a list or an array, not ${typeName(type)}`, maker.span ?? call.span);
    return { column: b.newColumn(name, type.element, true), expr };
  });
  const ordinality = call.ordinality === true ? b.newColumn('ordinality', INT64, false) : undefined;
  const input = applyJoins(b, ONE_ROW, place.joins);
  const plan: LogicalPlan = { kind: 'unnest', input, lists, keepsEmpty: false, ordinality };
  const columns = [...lists.map(l => l.column), ...(ordinality === undefined ? [] : [ordinality])];
  return { plan, scope: namedScope(name, distinctlyNamed(columns.map(scopeColumn))) };
}

const madeBy = (fn: string, { args, span }: Call): CallExpr & Pick<Expr, 'span'> => ({ kind: 'call', fn, args, span });
