import { outputOf } from '../../plan/columns.ts';
import { type BoundExpr, typeOf } from '../../plan/expr.ts';
import type { LogicalPlan, ProjectColumn } from '../../plan/logical-plan.ts';
import type { Expr } from '../../query/expr.ts';
import type { LimitClause } from '../../query/query.ts';
import { type DataType, FLOAT64, INT64 } from '../../types/data-type.ts';
import { typeName } from '../../types/type-name.ts';
import { type Binder, bindError, notYet } from '../binder.ts';
import { castTo } from '../coerce.ts';
import { decimalText } from '../constant.ts';
import { constantOf } from '../constant-value.ts';
import { applyJoins, type SubqueryJoin } from '../decorrelate/subquery-join.ts';
import type { ExprEnv, QueryEnv } from '../env.ts';
import { nullable } from '../nullability.ts';
import { EMPTY_SCOPE } from '../scope.ts';
import { firstWithTies } from './with-ties.ts';

/** Puts LIMIT and OFFSET above a plan, whose columns the result has and more. */
export function limited(b: Binder, input: LogicalPlan, clause: LimitClause, env: QueryEnv): LogicalPlan {
  if (clause.percent !== true && isConstant(b, clause.count) && isConstant(b, clause.offset)) {
    const count = rows(b, clause.count, 'LIMIT');
    const offset = rows(b, clause.offset, 'OFFSET') ?? 0;
    if (clause.ties === true && count !== undefined && count > 0) {
      const found = firstWithTies(b, input, count, offset);
      if (found !== undefined) return found;
      throw bindError('WITH TIES cannot be specified without ORDER BY clause', clause.count?.span);
    }
    if (count === undefined && offset === 0) return input;
    return { kind: 'limit', input, ...(count === undefined ? {} : { count }), offset };
  }
  if (clause.ties === true)
    throw notYet('WITH TIES of a percentage, or of a number that is no constant, is', clause.count?.span);
  const joins: SubqueryJoin[] = [];
  const place = { scope: EMPTY_SCOPE, outer: undefined, ctes: env.ctes, clause: 'LIMIT clause', joins };
  const percent = clause.percent === true;
  const added: ProjectColumn[] = [];
  const value = (expr: Expr | undefined, name: string, type: DataType): BoundExpr | undefined => {
    if (expr === undefined) return undefined;
    const column = valueColumn(b, place, expr, name, type);
    added.push(column);
    return b.ref(column.column);
  };
  const count = value(clause.count, 'LIMIT', percent ? FLOAT64 : INT64);
  const offset = value(clause.offset, 'OFFSET', INT64);
  return { kind: 'limit-by', input: besideRows(b, input, joins, added), count, offset, percent };
}

function valueColumn(b: Binder, place: ExprEnv, expr: Expr, name: string, type: DataType): ProjectColumn {
  const bound = b.expr(b, place, expr);
  const { kind } = typeOf(bound);
  if (kind !== 'int' && kind !== 'float' && kind !== 'decimal' && kind !== 'null')
    throw bindError(`${name} must be a number, not ${typeName(typeOf(bound))}`, expr.span);
  const cast = castTo(b, bound, type);
  return b.project(name, cast, type, nullable(b, cast));
}

/** Columns beside every row, put below the sort that gives the rows their order. */
function besideRows(b: Binder, plan: LogicalPlan, joins: SubqueryJoin[], added: readonly ProjectColumn[]): LogicalPlan {
  switch (plan.kind) {
    case 'sort':
      return { ...plan, input: besideRows(b, plan.input, joins, added) };
    case 'project': {
      const input = besideRows(b, plan.input, joins, added);
      return {
        ...plan,
        input,
        columns: [...plan.columns, ...added.map(({ column }) => ({ column, expr: b.ref(column) }))],
      };
    }
    case 'shared':
      return { ...plan, input: besideRows(b, plan.input, joins, added) };
    default: {
      const own = outputOf(plan).map(column => ({ column, expr: b.ref(column) }));
      return { kind: 'project', input: applyJoins(b, plan, joins), columns: [...own, ...added] };
    }
  }
}

const isConstant = (b: Binder, expr: Expr | undefined): boolean =>
  expr === undefined || constantOf(expr, b.options) !== undefined;

function rows(b: Binder, expr: Expr | undefined, clause: string): number | undefined {
  if (expr === undefined) return undefined;
  const value = constantOf(expr, b.options)!;
  if (value.value === null) return undefined;
  const { kind } = value.type;
  const text =
    kind === 'decimal'
      ? decimalText(value)
      : kind === 'int' || kind === 'float'
        ? String(value.value)
        : kind === 'utf8'
          ? String(value.value).trim()
          : '';
  const n = Number(text);
  if (text === '' || !Number.isSafeInteger(Math.trunc(n)))
    throw bindError(
      `${clause} must be a number of rows, not ${kind === 'utf8' ? `'${value.value}'` : typeName(value.type)}`,
      expr.span,
    );
  if (n < 0) throw bindError(`${clause} cannot be negative`, expr.span);
  return Math.round(n);
}
