import type { Span } from '../common/errors.ts';
import type { Expr } from '../query/expr.ts';
import { bindError } from './binder.ts';

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

/** A sort key as its collation orders it. */
export const collated = (expr: Expr): Expr =>
  expr.kind !== 'collate'
    ? expr
    : collationCalls(expr.collation, expr.span).reduce<Expr>(
        (input, fn) => ({ kind: 'call', fn, args: [input], span: expr.span }),
        expr.input,
      );
