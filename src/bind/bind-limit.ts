import type { LogicalPlan } from '../plan/logical-plan.ts';
import type { Expr } from '../query/expr.ts';
import type { LimitClause } from '../query/query.ts';
import { typeName } from '../types/type-name.ts';
import { type Binder, bindError, notYet } from './binder.ts';
import { constantOf } from './constant-value.ts';

/** Puts LIMIT and OFFSET above a plan; their values are constants. */
export function limited(b: Binder, input: LogicalPlan, clause: LimitClause): LogicalPlan {
  if (clause.percent) throw notYet('LIMIT with a percentage is', clause.count?.span);
  const count = rows(b, clause.count, 'LIMIT');
  const offset = rows(b, clause.offset, 'OFFSET') ?? 0;
  if (count === undefined && offset === 0) return input;
  return { kind: 'limit', input, ...(count === undefined ? {} : { count }), offset };
}

function rows(b: Binder, expr: Expr | undefined, clause: string): number | undefined {
  if (expr === undefined) return undefined;
  const value = constantOf(expr, b.options);
  if (value === undefined) throw notYet(`${clause} with an expression that is no constant is`, expr.span);
  if (value.value === null) return undefined;
  const { kind } = value.type;
  const text =
    kind === 'int' || kind === 'float' ? String(value.value) : kind === 'utf8' ? String(value.value).trim() : '';
  const n = Number(text);
  if (text === '' || !Number.isSafeInteger(Math.trunc(n)))
    throw bindError(
      `${clause} must be a number of rows, not ${kind === 'utf8' ? `'${value.value}'` : typeName(value.type)}`,
      expr.span,
    );
  if (n < 0) throw bindError(`${clause} cannot be negative`, expr.span);
  return Math.round(n);
}
