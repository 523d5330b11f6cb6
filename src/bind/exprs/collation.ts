import type { Span } from '../../common/errors.ts';
import type { Expr } from '../../query/expr.ts';
import { bindError } from '../binder.ts';

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

/** What some of the expressions' collations do to all of them before they are compared. */
export const collationsOf = (exprs: readonly Expr[]): readonly string[] => [
  ...new Set(exprs.flatMap(e => (e.kind === 'collate' ? collationCalls(e.collation, e.span) : []))),
];

/** Expressions as they are compared with each other: where one has a collation, all go by it. */
export function collatedTogether(exprs: readonly Expr[]): readonly Expr[] {
  const calls = collationsOf(exprs);
  return calls.length === 0 ? exprs : exprs.map(e => called(e.kind === 'collate' ? e.input : e, calls));
}

/** A sort key as its collation orders it. */
export const collated = (expr: Expr): Expr =>
  expr.kind !== 'collate' ? expr : called(expr.input, collationCalls(expr.collation, expr.span));

/** Functions that look for one text in another: `strpos('HELLO' COLLATE NOCASE, 'el')`. */
export const SEARCHES: ReadonlySet<string> = new Set([
  ...'contains starts_with strpos instr position like'.split(' '),
  'not like',
]);

const called = (expr: Expr, calls: readonly string[]): Expr =>
  calls.reduce<Expr>((input, fn) => ({ kind: 'call', fn, args: [input], span: expr.span }), expr);
