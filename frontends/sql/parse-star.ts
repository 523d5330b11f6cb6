import type { Expr, StarExpr } from '../../src/query/expr.ts';
import { startsQuery, type TokenStream } from './token-stream.ts';

/** `*` or (with a qualifier already read) `t.*`, with EXCLUDE, REPLACE, RENAME or LIKE after it; `*COLUMNS(…)`. */
export function parseStar(s: TokenStream, qualifier?: readonly string[], start: number = s.pos): Expr {
  s.pos++;
  if (qualifier === undefined && s.is('columns', '(')) {
    const columns = s.expr();
    return { kind: 'call', fn: 'unpack', args: [columns], span: s.span(start) };
  }
  const exclude = acceptExclude(s) ? oneOrMore(s, () => s.path('a column to exclude')) : undefined;
  const replace = s.accept('replace') ? oneOrMore(s, () => replacement(s)) : undefined;
  const rename = s.accept('rename') ? oneOrMore(s, () => renaming(s)) : undefined;
  const star: StarExpr = { kind: 'star', qualifier, exclude, replace, rename };
  return parseStarFilter(s, { ...star, span: s.span(start) }, start);
}

/** EXCLUDE, or EXCEPT when it can't be the set operation. */
function acceptExclude(s: TokenStream): boolean {
  if (s.is('except', '(') && !startsQuery(s, 2) && s.peek(2).word !== '(') return s.accept('except');
  if (!s.is('exclude')) return false;
  return s.accept('exclude');
}

function oneOrMore<T>(s: TokenStream, item: () => T): T[] {
  return s.is('(') ? s.bracketedList(item) : [item()];
}

function replacement(s: TokenStream): { name: string; value: Expr } {
  const value = s.expr();
  s.expect('as');
  return { name: s.label('a column to replace'), value };
}

function renaming(s: TokenStream): { from: string; to: string } {
  const from = s.path('a column to rename').at(-1)!;
  s.expect('as');
  return { from, to: s.label('a new name') };
}

/** `* LIKE 'a%'` = `COLUMNS(lambda c: c LIKE 'a%')` */
function parseStarFilter(s: TokenStream, star: Expr, start: number): Expr {
  const negated = s.is('not') && ['like', 'ilike', 'glob', 'similar'].includes(s.peek().word);
  const at = negated ? 1 : 0;
  const op = s.peek(at).word;
  if (op !== 'like' && op !== 'ilike' && op !== 'glob' && op !== 'similar') return star;
  s.pos += at + 1;
  if (op === 'similar') s.expect('to');
  const pattern = s.expr();
  const span = s.span(start);
  const fn = op === 'similar' ? 'similar to' : op;
  const test: Expr = { kind: 'call', fn, args: [{ kind: 'name', path: ['name'], span }, pattern], span };
  const body: Expr = negated ? { kind: 'call', fn: 'not', args: [test], span } : test;
  return { kind: 'columns', pattern: { kind: 'lambda', params: ['name'], body, span }, span };
}
