import type { Span } from '../../common/errors.ts';
import { type BoundExpr, typeOf } from '../../plan/expr.ts';
import { UTF8 } from '../../types/data-type.ts';
import { typeName } from '../../types/type-name.ts';
import { type Binder, bindError, notYet } from '../binder.ts';
import { castTo } from '../coerce.ts';

const CALLS: Readonly<Record<string, string>> = { nocase: 'lower', noaccent: 'strip_accents' };

/**
 * The functions whose results are compared in the place of values with a collation: `NOCASE.NOACCENT`, `BINARY`.
 * @throws RayexecError `bind` for an unknown collation
 */
export function collationCalls(collation: string, span: Span | undefined): readonly string[] {
  return collation
    .toLowerCase()
    .split('.')
    .flatMap(part => {
      if (/^(binary|c|posix)$/.test(part)) return [];
      const fn = Object.hasOwn(CALLS, part) ? CALLS[part] : undefined;
      if (fn !== undefined) return [fn];
      throw bindError(`There is no collation ${part}`, span, 'collations: BINARY, NOCASE, NOACCENT, NOCASE.NOACCENT');
    });
}

/** `expr COLLATE collation`: says how a value is compared, not what it is. @throws RayexecError `bind` for what is no text */
export function bindCollate(b: Binder, expr: BoundExpr, collation: string, span: Span | undefined): BoundExpr {
  const calls = collationCalls(collation, span);
  const type = typeOf(expr);
  if (type.kind !== 'utf8' && type.kind !== 'null')
    throw bindError(`COLLATE says how texts are compared, not ${typeName(type)}`, span, 'cast the value to VARCHAR');
  return b.collate(expr, calls);
}

/** Expressions as they are compared with each other: where some have a collation, all go by it. */
export function collatedTogether(b: Binder, exprs: readonly BoundExpr[]): readonly BoundExpr[] {
  const calls = [...new Set(exprs.flatMap(e => b.collationOf(e)))];
  return calls.length === 0 ? exprs : exprs.map(e => called(b, e, calls));
}

/** What an expression is compared by: itself, unless it has a collation. */
export const collated = (b: Binder, expr: BoundExpr): BoundExpr => collatedTogether(b, [expr])[0]!;

/**
 * An aggregate as its arguments' collations make it: the extremum of a text is the text with the extreme key.
 * @throws RayexecError `unsupported` for DISTINCT where texts that are equal can't stand for each other
 */
export function collatedAggregate(
  b: Binder,
  fn: string,
  args: readonly BoundExpr[],
  distinct: boolean,
  span: Span | undefined,
): { readonly fn: string; readonly args: readonly BoundExpr[] } {
  if (args.every(a => b.collationOf(a).length === 0)) return { fn, args };
  const [first, ...rest] = args as [BoundExpr, ...BoundExpr[]];
  if (fn === 'min' || fn === 'max') return { fn: `arg_${fn}`, args: [first, collated(b, first), ...rest] };
  if (BY_KEY.test(fn)) return { fn, args: args.map((a, i) => (i === 1 ? collated(b, a) : a)) };
  if (!distinct) return { fn, args };
  if (/^(approx_)?count(_distinct)?$/.test(fn)) return { fn, args: args.map(a => collated(b, a)) };
  throw notYet(`DISTINCT with a collation in ${fn} is`, span, 'group by the collation in a FROM (SELECT …)');
}

const BY_KEY = /^arg_?(min|max)|^(min|max)_by$/;

/** Functions that look for one text in another: `strpos('HELLO' COLLATE NOCASE, 'el')`. */
export const SEARCHES: ReadonlySet<string> = new Set([
  ...'contains starts_with strpos instr position like'.split(' '),
  'not like',
]);

const called = (b: Binder, expr: BoundExpr, calls: readonly string[]): BoundExpr =>
  calls.reduce<BoundExpr>((input, fn) => {
    const { overload } = b.catalog.functions.resolveCall(fn, [UTF8], b.spanOf(expr));
    const args = [castTo(b, input, UTF8)];
    return b.markSpan({ kind: 'call', fn, overload: overload.key, args, type: UTF8 }, b.spanOf(expr));
  }, expr);
