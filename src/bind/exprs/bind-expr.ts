import type { Span } from '../../common/errors.ts';
import { COMPARISON_OPERATORS } from '../../plan/comparison.ts';
import { type BoundExpr, typeOf } from '../../plan/expr.ts';
import type { CallExpr, Expr } from '../../query/expr.ts';
import { sameType } from '../../types/data-type.ts';
import { type Binder, bindError } from '../binder.ts';
import { castTo, zoneOfCast } from '../coerce.ts';
import { literal, NULL_LITERAL } from '../constant.ts';
import { constantValue } from '../constant-value.ts';
import type { ExprEnv } from '../env.ts';
import { nullable } from '../nullability.ts';
import { sameName } from '../scope.ts';
import { bindUnnest, isUnnest, splitToTable } from '../select/bind-unnest.ts';
import { bindAggregateCall, bindGrouping } from './bind-aggregate-call.ts';
import { logic, makeCall, makeCase, makeIn } from './bind-call.ts';
import { bindLambdaCall, takesLambda } from './bind-lambda.ts';
import { bindName, structField } from './bind-name.ts';
import { bindExists, bindInQuery, bindQuantified, bindRowQuery, bindScalarQuery } from './bind-subquery.ts';
import { bindSystemCall } from './bind-system-call.ts';
import { bindType } from './bind-type.ts';
import { bindWindowCall } from './bind-window-call.ts';
import { builtinMacro } from './builtin-macros.ts';
import { bindCollate } from './collation.ts';
import { columnName, positionOf } from './column-name.ts';
import { withOperand } from './evaluated-once.ts';
import { structOf } from './struct-value.ts';

/** Nested expressions deeper than this are refused, so that no text exhausts the stack. */
const MAX_DEPTH = 1000;

/** Settles an expression's names, types and overloads. @throws RayexecError `bind` | `unsupported` with the position */
export function bindExpr(b: Binder, env: ExprEnv, expr: Expr): BoundExpr {
  if (++b.depth > MAX_DEPTH)
    throw bindError(`Expression is nested too deeply (more than ${MAX_DEPTH} levels)`, expr.span);
  try {
    return b.markSpan(bindKind(b, env, expr), expr.span);
  } finally {
    b.depth--;
  }
}

function bindKind(b: Binder, env: ExprEnv, expr: Expr): BoundExpr {
  const known = env.operands?.get(expr) ?? env.grouped?.find(expr);
  if (known !== undefined) return known;
  const span = expr.span;
  const bind = (e: Expr) => bindExpr(b, env, e);
  switch (expr.kind) {
    case 'name':
      return bindName(b, env, expr.path, span);
    case 'literal':
      return b.markUntyped(literal(expr.value));
    case 'parameter':
      return bindParameter(b, expr.name, span);
    case 'call':
      return bindCall(b, env, expr, span);
    case 'cast': {
      const input = bind(expr.input);
      const type = bindType(b, expr.type, span);
      if (expr.try) return { kind: 'cast', input, type, try: true, span, ...zoneOfCast(b, typeOf(input), type) };
      // A constant that was cast has a type of its own.
      return input.kind === 'literal' && sameType(input.value.type, type)
        ? literal(input.value)
        : castTo(b, input, type);
    }
    case 'case': {
      const { operand } = expr;
      const at = operand === undefined ? env : withOperand(b, env, operand);
      const branches = expr.branches.map(branch => ({
        when:
          operand === undefined
            ? bind(branch.when)
            : compare(b, at, '=', operand, branch.when, branch.when.span ?? span),
        result: bind(branch.result),
      }));
      return makeCase(b, branches, expr.otherwise === undefined ? NULL_LITERAL : bind(expr.otherwise), span);
    }
    case 'between': {
      const between = bindBetween(b, env, expr, span);
      return expr.negated ? makeCall(b, 'not', [between], span) : between;
    }
    case 'in-list':
      return bindInList(b, env, expr, span);
    case 'in-query':
      return bindInQuery(b, env, expr, span);
    case 'exists':
      return bindExists(b, env, expr.query);
    case 'scalar-query':
      return bindScalarQuery(b, env, expr.query, span);
    case 'quantified':
      return bindQuantified(b, env, expr, span);
    case 'row':
      return structOf(
        b,
        expr.items.map(bind),
        expr.items.map((_, i) => `v${i + 1}`),
        span,
        'row',
      );
    case 'struct':
      return structOf(
        b,
        expr.fields.map(f => bind(f.value)),
        expr.fields.map(f => f.name),
        span,
      );
    case 'field':
      return structField(b, bind(expr.input), expr.name, span);
    case 'star':
      throw bindError('* may stand in the SELECT list and in count(*) only', span, 'COLUMNS(*) stands for each column');
    case 'columns':
      throw bindError('COLUMNS(…) may stand in the SELECT list and in WHERE only', span);
    case 'lambda':
      throw bindError('A lambda may stand only as an argument of list_transform, list_filter or list_reduce', span);
    case 'collate':
      return bindCollate(b, bind(expr.input), expr.collation, span);
  }
}

function bindBetween(
  b: Binder,
  env: ExprEnv,
  { input, low, high, symmetric }: Extract<Expr, { kind: 'between' }>,
  span: Span | undefined,
): BoundExpr {
  const at = withOperand(b, env, input);
  const within = (e: ExprEnv, from: Expr, to: Expr) =>
    logic(b, 'and', [compare(b, e, '>=', input, from, span), compare(b, e, '<=', input, to, span)], span);
  if (symmetric !== true) return within(at, low, high);
  const bounds = withOperand(b, withOperand(b, at, low), high);
  return logic(b, 'or', [within(bounds, low, high), within(bounds, high, low)], span);
}

function bindParameter(b: Binder, name: string, span: Span | undefined): BoundExpr {
  const { parameters } = b.options;
  const value = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
  if (value === undefined) {
    const given = Object.keys(parameters);
    throw bindError(
      `No value was given for parameter $${name}`,
      span,
      given.length === 0 ? undefined : `given: ${given.map(g => `$${g}`).join(', ')}`,
    );
  }
  return b.markUntyped(literal(value));
}

function bindCall(b: Binder, env: ExprEnv, expr: CallExpr, span: Span | undefined): BoundExpr {
  const fn = expr.fn.toLowerCase();
  const meant = builtinMacro(expr);
  if (meant !== undefined) return bindExpr(b, env, meant);
  if (expr.over !== undefined) return bindWindowCall(b, env, chained(b, env, expr), span);
  if (expr.nulls !== undefined)
    throw bindError(`${expr.nulls.toUpperCase()} NULLS belongs to window functions`, span, 'add OVER (…)');
  if (fn === 'regexp_split_to_table') return bindUnnest(b, env, splitToTable(expr, span), span);
  if (isUnnest(fn)) return bindUnnest(b, env, expr, span);
  if (COMPARISON_OPERATORS.has(fn) || fn === '!=') {
    const [left, right] = expr.args;
    if (left !== undefined && right !== undefined && expr.args.length === 2)
      return compare(b, env, fn === '!=' ? '<>' : fn, left, right, span);
  }
  if (fn === 'grouping') return bindGrouping(b, env, expr, span);
  if (fn === '#') return positional(b, env, expr, span);
  const target = chained(b, env, expr);
  const { functions } = b.catalog;
  if (functions.aggregate(fn) !== undefined && (functions.scalar(fn) === undefined || isAggregateForm(expr)))
    return bindAggregateCall(b, env, target, span);
  if (functions.window(fn) !== undefined && functions.scalar(fn) === undefined)
    throw bindError(`${expr.fn} is a window function: it needs OVER`, span, `${expr.fn}(…) OVER (ORDER BY …)`);
  if (isAggregateForm(expr)) {
    const clause = expr.filter !== undefined ? 'FILTER' : expr.distinct ? 'DISTINCT' : 'ORDER BY';
    if (functions.scalar(fn) !== undefined)
      throw bindError(`${clause} belongs to aggregates; "${expr.fn}" is a scalar function`, span);
  }
  const named = Object.entries(expr.named ?? {});
  if (fn === 'struct_pack' && expr.args.length === 0) {
    return structOf(
      b,
      named.map(([, v]) => bindExpr(b, env, v)),
      named.map(([k]) => k),
      span,
    );
  }
  if (named.length > 0) return bindNamedFields(b, env, target, span);
  if (takesLambda(b, target)) return bindLambdaCall(b, env, target, span);
  if (fn === 'negate' && isInteger(expr)) {
    const value = constantValue(expr, {});
    if (value !== undefined) return b.markUntyped(literal(value));
  }
  const at = fn === 'nullif' && target.args[0] !== undefined ? withOperand(b, env, target.args[0]) : env;
  const args = target.args.map(a => bindExpr(b, at, a));
  return bindSystemCall(b, fn, args, span) ?? makeCall(b, fn, args, span);
}

/** `#2`: the second column of FROM. */
function positional(b: Binder, { scope }: ExprEnv, expr: Expr & CallExpr, span: Span | undefined): BoundExpr {
  const found = scope.columns[positionOf(expr) ?? -1];
  if (found !== undefined) return b.ref(found.column, span);
  throw bindError(
    `Positional reference ${columnName(expr)} out of range (total ${scope.columns.length} columns)`,
    span,
  );
}

/** The functions whose named arguments are fields: `union_value(k := 1)`, `struct_insert(s, k := 1)`. @throws RayexecError `bind` */
function bindNamedFields(b: Binder, env: ExprEnv, call: CallExpr, span: Span | undefined): BoundExpr {
  const fn = call.fn.toLowerCase();
  const names = Object.keys(call.named ?? {});
  const values = Object.values(call.named ?? {}).map(e => bindExpr(b, env, e));
  const [struct, ...more] = call.args.map(a => bindExpr(b, env, a));
  if (fn === 'union_value' && struct === undefined && values.length === 1) {
    const type = { kind: 'union', members: [{ name: names[0]!, type: typeOf(values[0]!) }] } as const;
    return { kind: 'call', fn, overload: b.catalog.functions.scalar(fn)!.overloads[0]!.key, args: values, type, span };
  }
  const given = struct === undefined ? undefined : typeOf(struct);
  if (given?.kind !== 'struct' || more.length > 0 || (fn !== 'struct_insert' && fn !== 'struct_update'))
    throw bindError(`${call.fn} takes no named arguments`, span);
  const known = given.fields.map(f => f.name);
  const isNew = (name: string) => !known.some(k => sameName(k, name));
  if (fn === 'struct_insert') {
    const twice = names.find(name => !isNew(name));
    if (twice !== undefined)
      throw bindError(`The struct has a field "${twice}" already`, span, 'struct_update replaces it');
  }
  const kept = known.map((name, i) => {
    const at = fn === 'struct_update' ? names.findIndex(n => sameName(n, name)) : -1;
    return at >= 0 ? values[at]! : structField(b, struct!, known[i]!, span);
  });
  const added = names.flatMap((name, i) => (isNew(name) ? [[name, values[i]!] as const] : []));
  return structOf(b, [...kept, ...added.map(a => a[1])], [...known, ...added.map(a => a[0])], span);
}

/** An integer constant with any number of minus signs: its type is that of its value, not of its digits. */
const isInteger = (e: Expr): boolean =>
  e.kind === 'call'
    ? e.fn === 'negate' && e.args.length === 1 && isInteger(e.args[0]!)
    : e.kind === 'literal' && e.value.type.kind === 'int' && e.value.value !== null;

const isAggregateForm = (e: CallExpr): boolean =>
  e.filter !== undefined || e.distinct === true || e.orderBy !== undefined;

/** `x.f(y)` is `f(x, y)`, unless what stands before the dot is a schema. */
function chained(b: Binder, env: ExprEnv, expr: CallExpr): CallExpr {
  const { qualifier } = expr;
  if (qualifier === undefined || qualifier.length === 0) return expr;
  const isSchema =
    qualifier.length === 1 &&
    (b.catalog.hasSchema(b.catalog.schemaAt({ path: qualifier })) || /^(pg_catalog|system)$/i.test(qualifier[0]!));
  const isColumn = env.scope.columns.some(c => sameName(c.name, qualifier[0]!));
  if (isSchema && !isColumn) return { ...expr, qualifier: undefined };
  return { ...expr, qualifier: undefined, args: [{ kind: 'name', path: qualifier }, ...expr.args] };
}

/** A comparison; of rows it is one field by field. */
function compare(b: Binder, env: ExprEnv, op: string, left: Expr, right: Expr, span: Span | undefined): BoundExpr {
  if (left.kind === 'row' && right.kind === 'row') return compareRows(b, env, op, left.items, right.items, span);
  if (left.kind === 'row' && right.kind === 'scalar-query' && (op === '=' || op === '<>')) {
    const values = bindRowQuery(b, env, right.query, left.items.length, right.span ?? span);
    const equal = left.items.map((l, i) => makeCall(b, op, [bindExpr(b, env, l), values[i]!], span));
    return logic(b, op === '=' ? 'and' : 'or', equal, span);
  }
  return makeCall(b, op, [bindExpr(b, env, left), bindExpr(b, env, right)], span);
}

/** Rows compare as structs: NULL equals NULL, and comes after all other values. */
function compareRows(
  b: Binder,
  env: ExprEnv,
  op: string,
  left: readonly Expr[],
  right: readonly Expr[],
  span: Span | undefined,
): BoundExpr {
  if (left.length !== right.length || left.length === 0) {
    throw bindError(`Cannot compare a row of ${left.length} values with one of ${right.length}`, span);
  }
  const pairs = left.map((l, i) => [bindExpr(b, env, l), bindExpr(b, env, right[i]!)] as const);
  switch (op) {
    case '=':
    case 'is not distinct from':
      return logic(
        b,
        'and',
        pairs.map(p => sameField(b, p, span)),
        span,
      );
    case '<>':
    case 'is distinct from':
      return logic(
        b,
        'or',
        pairs.map(p => makeCall(b, p.some(e => nullable(b, e)) ? 'is distinct from' : '<>', p, span)),
        span,
      );
    case '<=':
    case '>=':
      return makeCall(b, 'not', [rowIsLess(b, op === '<=' ? pairs.map(([l, r]) => [r, l]) : pairs, span)], span);
    default:
      return rowIsLess(b, op === '<' ? pairs : pairs.map(([l, r]) => [r, l]), span);
  }
}

type Field = readonly [left: BoundExpr, right: BoundExpr];

const sameField = (b: Binder, field: Field, span: Span | undefined): BoundExpr =>
  makeCall(b, field.some(e => nullable(b, e)) ? 'is not distinct from' : '=', field, span);

/** (a, b) < (c, d): a is less than c, or a equals c and b is less than d. */
function rowIsLess(b: Binder, pairs: readonly Field[], span: Span | undefined): BoundExpr {
  const less = ([l, r]: Field) => {
    const isLess = makeCall(b, '<', [l, r], span);
    if (!nullable(b, isLess)) return isLess;
    const smaller = makeCall(b, 'is true', [isLess], span);
    const beforeNull = [makeCall(b, 'is not null', [l], span), makeCall(b, 'is null', [r], span)];
    return logic(b, 'or', [smaller, logic(b, 'and', beforeNull, span)], span);
  };
  const cases = pairs.map((pair, i) => {
    const equal = pairs.slice(0, i).map(p => sameField(b, p, span));
    return logic(b, 'and', [...equal, less(pair)], span);
  });
  return logic(b, 'or', cases, span);
}

function bindInList(
  b: Binder,
  env: ExprEnv,
  expr: Extract<Expr, { kind: 'in-list' }>,
  span: Span | undefined,
): BoundExpr {
  const at = withOperand(b, env, expr.input);
  if (expr.input.kind !== 'row') {
    return makeIn(
      b,
      bindExpr(b, at, expr.input),
      expr.items.map(i => bindExpr(b, at, i)),
      expr.negated,
      span,
    );
  }
  const any = logic(
    b,
    'or',
    expr.items.map(item => compare(b, at, '=', expr.input, item, item.span ?? span)),
    span,
  );
  return expr.negated ? makeCall(b, 'not', [any], span) : any;
}
