import type { Span } from '../../common/errors.ts';
import { elementOf } from '../../functions/nested/list-overload.ts';
import { exprInputs } from '../../plan/columns.ts';
import {
  type BoundExpr,
  type ColumnId,
  type ColumnRef,
  type LambdaExpr,
  type PhysicalExpr,
  typeOf,
} from '../../plan/expr.ts';
import type { Column } from '../../plan/logical-plan.ts';
import { inputsOfExpr } from '../../plan/physical-expr.ts';
import { toBound, toPhysical } from '../../plan/to-physical.ts';
import type { CallExpr, Expr } from '../../query/expr.ts';
import { commonTypeOf, plainType } from '../../types/coercion.ts';
import { type DataType, INT64, list, sameType } from '../../types/data-type.ts';
import { typeName } from '../../types/type-name.ts';
import { type Binder, bindError, notYet } from '../binder.ts';
import { castTo, flexibleType } from '../coerce.ts';
import { NULL_LITERAL } from '../constant.ts';
import type { ExprEnv } from '../env.ts';
import { scopeColumn, unnamedScope } from '../scope.ts';
import { condition } from './bind-call.ts';

type Lambda = Extract<Expr, { kind: 'lambda' }>;

/** The functions that take a lambda after their list: the fewest and most parameters of it, and most arguments of the call. */
const FUNCTIONS: Readonly<Record<string, { readonly params: readonly [number, number]; readonly args: number }>> = {
  list_transform: { params: [1, 2], args: 2 },
  list_filter: { params: [1, 2], args: 2 },
  list_reduce: { params: [2, 3], args: 3 },
};

/** Whether a call has a lambda, of a function that takes one. */
export const takesLambda = (b: Binder, { fn, args }: CallExpr): boolean =>
  args.some(a => a.kind === 'lambda') && Object.hasOwn(FUNCTIONS, b.catalog.functions.scalar(fn)?.name ?? '');

/** A call of a function of a list and a lambda. @throws RayexecError `bind` for other arguments, or parameters that don't fit */
export function bindLambdaCall(b: Binder, env: ExprEnv, call: CallExpr, span: Span | undefined): BoundExpr {
  const fn = b.catalog.functions.scalar(call.fn)!.name;
  const { params, args } = FUNCTIONS[fn]!;
  const [listExpr, lambda, initial] = call.args;
  if (listExpr === undefined || listExpr.kind === 'lambda' || lambda?.kind !== 'lambda' || call.args.length > args)
    throw bindError(
      `${call.fn} takes a list, then a lambda${args > 2 ? ', then perhaps an initial value' : ''}`,
      span,
      `${call.fn}([1, 2], ${fn === 'list_reduce' ? 'lambda a, x: a + x' : 'lambda x: x + 1'})`,
    );
  checkParams(call.fn, lambda, params);
  const given = b.expr(b, env, listExpr);
  const element = elementOf(typeOf(given));
  if (element === undefined)
    throw bindError(`${call.fn} needs a list, not ${typeName(typeOf(given))}`, listExpr.span ?? span);
  const calls = { b, env, fn, span, lambda, given, element };
  const bound = fn === 'list_reduce' ? reduction(calls, initial) : perElement(calls);
  return typeOf(given).kind === 'null' ? NULL_LITERAL : bound;
}

type Parts = {
  readonly b: Binder;
  readonly env: ExprEnv;
  readonly fn: string;
  readonly span: Span | undefined;
  readonly lambda: Lambda;
  readonly given: BoundExpr;
  readonly element: DataType;
};

function perElement(parts: Parts): BoundExpr {
  const { b, fn, lambda, given, element } = parts;
  const { params, body } = bindBody(parts, [element, INT64]);
  const filters = fn === 'list_filter';
  const value = filters ? condition(b, body, 'The lambda of list_filter') : body;
  const type = list(filters ? element : plainType(typeOf(value)));
  return makeCall(parts, [castTo(b, given, list(element))], lambda, params, value, type);
}

/** The value so far has the type that an initial value (or the elements) and what the body makes of it have in common. */
function reduction(parts: Parts, initial: Expr | undefined): BoundExpr {
  const { b, env, lambda, given, element } = parts;
  const first = initial === undefined ? undefined : b.expr(b, env, initial);
  const start = first === undefined ? element : plainType(typeOf(first));
  const once = bindBody(parts, [start, element, INT64]);
  const type = commonTypeOf([start, flexibleType(b, once.body)]);
  if (type === undefined)
    throw bindError(
      `No common super type between ${first === undefined ? 'list element type' : 'initial value of type'} ${typeName(start)} and lambda return type ${typeName(typeOf(once.body))}`,
      lambda.body.span ?? lambda.span,
    );
  const items = first === undefined ? type : element;
  const { params, body } = sameType(type, start) ? once : bindBody(parts, [type, items, INT64]);
  const args = [castTo(b, given, list(items)), ...(first === undefined ? [] : [castTo(b, first, type)])];
  return makeCall(parts, args, lambda, params, castTo(b, body, type), type);
}

function makeCall(
  { b, fn, span }: Parts,
  args: readonly BoundExpr[],
  { params: names }: Lambda,
  params: readonly Column[],
  body: BoundExpr,
  type: DataType,
): BoundExpr {
  const { overloads } = b.catalog.functions.scalar(fn)!;
  const { lambda, captured } = closed(body, names, params);
  return { kind: 'call', fn, overload: overloads[0]!.key, args: [...args, ...captured], lambda, type, span };
}

/** A body whose parameters are columns of a scope of its own, within the place of the call. */
function bindBody(
  { b, env, lambda }: Parts,
  types: readonly DataType[],
): { params: readonly Column[]; body: BoundExpr } {
  const params = lambda.params.map((name, i) => b.newColumn(name, types[i]!, true));
  const inside: ExprEnv = {
    scope: unnamedScope(params.map(scopeColumn)),
    outer: env,
    isLambda: true,
    ctes: env.ctes,
    clause: 'lambda body',
    operands: env.operands,
    joins: [],
  };
  const body = b.expr(b, inside, lambda.body);
  if (inside.joins.length > 0)
    throw notYet('comparing a value that varies with several ones is, in a lambda,', lambda.span);
  return { params, body };
}

/** Makes inputs of a body's parameters, and of the columns that it reads of its surroundings. */
function closed(
  body: BoundExpr,
  names: readonly string[],
  params: readonly Column[],
): { readonly lambda: LambdaExpr; readonly captured: readonly ColumnRef[] } {
  const at = new Map<ColumnId, number>(params.map((p, i) => [p.id, i]));
  const captured: ColumnRef[] = [];
  const visit = (e: BoundExpr): void => {
    if (e.kind !== 'column') {
      for (const input of exprInputs(e)) visit(input);
    } else if (!at.has(e.id)) {
      at.set(e.id, at.size);
      captured.push(e);
    }
  };
  visit(body);
  return { lambda: { params: names, captured: captured.length, body: toPhysical(body, at) }, captured };
}

/**
 * The call over another relation: `map` says what its arguments are there, and each part of the lambda's body that reads
 * nothing of its parameters, as the keys of GROUP BY are read above it.
 */
export function lambdaOver(b: Binder, call: LambdaCall, map: (expr: BoundExpr) => BoundExpr): BoundExpr {
  const { params: names, captured, body } = call.lambda;
  const given = call.args.length - captured;
  const types = new Map<number, DataType>();
  const visit = (e: PhysicalExpr): void => {
    if (e.kind === 'input') types.set(e.index, e.type);
    else for (const input of inputsOfExpr(e)) visit(input);
  };
  visit(body);
  const params = names.map((name, i) => b.newColumn(name, types.get(i) ?? INT64, true));
  const around = call.args.slice(given) as readonly ColumnRef[];
  const bound = map(toBound(body, [...params.map(p => b.ref(p)), ...around]));
  const inner = closed(bound, names, params);
  return { ...call, args: [...call.args.slice(0, given).map(map), ...inner.captured], lambda: inner.lambda };
}

type LambdaCall = Extract<BoundExpr, { kind: 'call' }> & { readonly lambda: LambdaExpr };

export const isLambdaCall = (expr: BoundExpr): expr is LambdaCall => expr.kind === 'call' && expr.lambda !== undefined;

function checkParams(fn: string, { params, span }: Lambda, [fewest, most]: readonly [number, number]): void {
  if (params.length < fewest || params.length > most)
    throw bindError(
      `The lambda of ${fn} takes ${fewest} or ${most} parameters, not ${params.length}`,
      span,
      fewest === 1 ? 'the element, and its number' : 'the value so far, the element, and its number',
    );
  const twice = params.find((p, i) => params.findIndex(o => o.toLowerCase() === p.toLowerCase()) < i);
  if (twice !== undefined) throw bindError(`Parameter "${twice}" of the lambda is named twice`, span);
}
