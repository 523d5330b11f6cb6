import type { Span } from '../../common/errors.ts';
import type { Fit } from '../../functions/function.ts';
import { COMPARISON_OPERATORS } from '../../plan/comparison.ts';
import { type BoundExpr, typeOf } from '../../plan/expr.ts';
import { commonTypeOf, comparisonType, comparisonTypeOf, plainType } from '../../types/coercion.ts';
import { BOOLEAN, type DataType, sameType } from '../../types/data-type.ts';
import { typeName } from '../../types/type-name.ts';
import { type Binder, bindError } from '../binder.ts';
import { besideDecimal, castTo, flexibleType, unify } from '../coerce.ts';
import { FALSE, nullOf, TRUE, textLiteral } from '../constant.ts';
import { collatedTogether, SEARCHES } from './collation.ts';
import { inSessionZone } from './session-zone.ts';

const NEGATED: Readonly<Record<string, string>> = {
  '!=': '<>',
  'not like': 'like',
  'not ilike': 'ilike',
  'not similar to': 'similar to',
  '!~': '~',
  '!~*': '~*',
};

/** A call of a scalar function or operator with bound arguments. @throws RayexecError `bind` */
export function makeCall(b: Binder, fn: string, given: readonly BoundExpr[], span?: Span | undefined): BoundExpr {
  const name = fn.toLowerCase();
  const args = COMPARISON_OPERATORS.has(name) || SEARCHES.has(name) ? collatedTogether(b, given) : given;
  const zoned = inSessionZone(b, name, args);
  if (zoned !== undefined) return b.markSpan(plainCall(b, zoned.fn, zoned.args, span), span);
  return b.markSpan(bindSpecial(b, name, args, span) ?? plainCall(b, fn, args, span), span);
}

function plainCall(b: Binder, name: string, given: readonly BoundExpr[], span: Span | undefined): BoundExpr {
  const { functions } = b.catalog;
  const { overload, fit } = functions.resolveCall(
    name,
    given.map(a => flexibleType(b, a)),
    span,
  );
  const fn = functions.scalar(name)!.name;
  return { kind: 'call', fn, overload: overload.key, args: castArgs(b, given, fit), type: fit.returns, span };
}

/** Arguments in the types that an overload takes; a parameter of type NULL takes anything. */
export function castArgs(b: Binder, args: readonly BoundExpr[], fit: Fit): readonly BoundExpr[] {
  return args.map((a, i) => {
    const type = fit.args[i];
    return type === undefined || type.kind === 'null' ? a : castTo(b, a, plainType(type));
  });
}

/** The calls that are expression kinds of their own, or other calls spelled differently. */
function bindSpecial(b: Binder, fn: string, args: readonly BoundExpr[], span: Span | undefined): BoundExpr | undefined {
  const [first, second, third] = args;
  if (COMPARISON_OPERATORS.has(fn) && args.length === 2) return comparison(b, fn, first!, second!, span);
  switch (fn) {
    case 'and':
    case 'or':
      return logic(b, fn, args, span);
    case 'not':
      return args.length === 1 ? plainCall(b, fn, [condition(b, first!, 'NOT')], span) : undefined;
    case 'coalesce':
    case 'ifnull': {
      if (args.length === 0 || (fn === 'ifnull' && args.length !== 2))
        throw bindError(`${fn} takes ${fn === 'ifnull' ? 'two arguments' : 'at least one argument'}`, span);
      const { exprs, type } = unify(b, args, fn.toUpperCase(), span);
      return exprs.length === 1 ? exprs[0]! : { kind: 'coalesce', args: exprs, type };
    }
    case 'nullif': {
      if (first === undefined || second === undefined || third !== undefined)
        throw bindError('nullif takes two arguments', span);
      return {
        kind: 'case',
        branches: [{ when: makeCall(b, '=', args, span), result: nullOf(typeOf(first)) }],
        otherwise: first,
        type: typeOf(first),
      };
    }
    case 'if':
    case 'iff':
      return first && second && third ? makeCase(b, [{ when: first, result: second }], third, span) : undefined;
    case 'is true':
      return coalesced(condition(b, first!, 'IS TRUE'), FALSE);
    case 'is not true':
      return makeCall(b, 'not', [makeCall(b, 'is true', args, span)], span);
    case 'is false':
      return makeCall(b, 'not', [coalesced(condition(b, first!, 'IS FALSE'), TRUE)], span);
    case 'is not false':
      return coalesced(condition(b, first!, 'IS NOT FALSE'), TRUE);
    case 'is unknown':
      return makeCall(b, 'is null', args, span);
    case 'is not unknown':
      return makeCall(b, 'is not null', args, span);
    case 'cast_to_type':
      if (first === undefined || second === undefined || third !== undefined)
        throw bindError('cast_to_type takes a value, and another one of the type that is wanted', span);
      return b.markSpan(castTo(b, first, typeOf(second)), span);
    case 'typeof':
      return args.length === 1
        ? textLiteral(typeOf(first!).kind === 'null' ? '"NULL"' : typeName(typeOf(first!)))
        : undefined;
    case 'add':
    case 'subtract':
      return args.length === 2 ? makeCall(b, fn === 'add' ? '+' : '-', args, span) : undefined;
    case 'pg_typeof':
      return args.length === 1 ? textLiteral(typeName(typeOf(first!)).toLowerCase()) : undefined;
    case '/':
      return division(b, args, span);
    default:
      break;
  }
  const base = NEGATED[fn];
  if (base === undefined || b.catalog.functions.scalar(fn) !== undefined) return undefined;
  const positive = makeCall(b, base, args, span);
  return base === '<>' ? positive : makeCall(b, 'not', [positive], span);
}

function division(b: Binder, args: readonly BoundExpr[], span: Span | undefined): BoundExpr | undefined {
  const integers = args.length === 2 && args.every(a => typeOf(a).kind === 'int');
  return integers && b.options.settings.integerDivision ? makeCall(b, '//', args, span) : undefined;
}

const coalesced = (expr: BoundExpr, otherwise: BoundExpr): BoundExpr => ({
  kind: 'coalesce',
  args: [expr, otherwise],
  type: BOOLEAN,
});

/** AND or OR of conditions, flat. */
export function logic(b: Binder, kind: 'and' | 'or', args: readonly BoundExpr[], span?: Span | undefined): BoundExpr {
  const flat = args.flatMap(a => (a.kind === kind ? a.args : [condition(b, a, kind.toUpperCase())]));
  return flat.length === 1 ? flat[0]! : b.markSpan({ kind, args: flat }, span);
}

/** The conjunction of conditions; undefined for none. */
export const conjunction = (b: Binder, conditions: readonly BoundExpr[]): BoundExpr | undefined =>
  conditions.length === 0 ? undefined : logic(b, 'and', conditions);

/** An expression as a condition: numbers and text are cast as in DuckDB. */
export function condition(b: Binder, expr: BoundExpr, where: string): BoundExpr {
  const type = typeOf(expr);
  if (type.kind === 'boolean') return expr;
  if (
    type.kind === 'null' ||
    type.kind === 'int' ||
    type.kind === 'float' ||
    type.kind === 'decimal' ||
    type.kind === 'utf8'
  )
    return castTo(b, expr, BOOLEAN);
  throw bindError(`${where} needs a condition (BOOLEAN), not ${typeName(type)}`, b.spanOf(expr));
}

function comparison(b: Binder, fn: string, left: BoundExpr, right: BoundExpr, span: Span | undefined): BoundExpr {
  const type =
    besideDecimal(left, typeOf(right)) ??
    besideDecimal(right, typeOf(left)) ??
    comparisonType(flexibleType(b, left), flexibleType(b, right)) ??
    besideText([typeOf(left), typeOf(right)]);
  if (type === undefined) {
    throw bindError(
      `Cannot compare values of type ${typeName(typeOf(left))} and type ${typeName(typeOf(right))} - an explicit cast is required`,
      span,
    );
  }
  return plainCall(b, fn, [castTo(b, left, type), castTo(b, right, type)], span);
}

/** Text beside other values is read as these in a comparison, as in DuckDB; undefined when they differ among themselves. */
function besideText(types: readonly DataType[]): DataType | undefined {
  const others = types.filter(t => t.kind !== 'utf8' && t.kind !== 'null');
  const plain = others.every(
    t =>
      t.kind === 'int' ||
      t.kind === 'float' ||
      t.kind === 'decimal' ||
      t.kind === 'date' ||
      t.kind === 'timestamp' ||
      t.kind === 'time' ||
      t.kind === 'boolean',
  );
  return plain && others.length > 0 ? commonTypeOf(others) : undefined;
}

/** CASE with its results brought to one type, which ELSE has the first word in: as in DuckDB, 100 beside NULL is an INTEGER. */
export function makeCase(
  b: Binder,
  branches: readonly { readonly when: BoundExpr; readonly result: BoundExpr }[],
  otherwise: BoundExpr,
  span?: Span | undefined,
): BoundExpr {
  const { exprs, type } = unify(b, [otherwise, ...branches.map(x => x.result)], 'CASE', span);
  const [last, ...results] = exprs;
  const bound = branches.map((x, i) => ({ when: condition(b, x.when, 'WHEN'), result: results[i]! }));
  return b.markSpan({ kind: 'case', branches: bound, otherwise: last!, type }, span);
}

/** `needle IN (haystack)`: a set of constants where all are constants of the input's type, else a chain of equalities. */
export function makeIn(
  b: Binder,
  needle: BoundExpr,
  haystack: readonly BoundExpr[],
  negated: boolean,
  span: Span | undefined,
): BoundExpr {
  const [input, ...items] = collatedTogether(b, [needle, ...haystack]) as [BoundExpr, ...BoundExpr[]];
  const inputType = typeOf(input);
  const fitting = items.every(i => besideDecimal(i, inputType) !== undefined);
  const type =
    fitting && items.length > 0
      ? inputType
      : (comparisonTypeOf([input, ...items].map(e => flexibleType(b, e))) ?? besideText([input, ...items].map(typeOf)));
  if (type === undefined) {
    const given = [...new Set([input, ...items].map(e => typeName(typeOf(e))))].join(', ');
    throw bindError(`Cannot compare values of types ${given} in IN - an explicit cast is required`, span);
  }
  const head = castTo(b, input, type);
  const rest = items.map(i => castTo(b, i, type));
  const constants = rest.flatMap(i => (i.kind === 'literal' && sameType(i.value.type, type) ? [i.value] : []));
  if (constants.length === rest.length && rest.length !== 1)
    return { kind: 'in', input: head, items: constants, negated };
  if (rest.length === 1) return plainCall(b, negated ? '<>' : '=', [head, rest[0]!], span);
  const any = logic(
    b,
    'or',
    rest.map(item => plainCall(b, '=', [head, item], span)),
    span,
  );
  return negated ? makeCall(b, 'not', [any], span) : any;
}
