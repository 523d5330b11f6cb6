import type { Expr } from '../../src/query/expr.ts';
import { UTF8 } from '../../src/types/data-type.ts';
import type { TokenStream } from './token-stream.ts';

/** A bare word as a string; anything else as an expression. */
export function parseSettingValue(s: TokenStream): Expr {
  const start = s.pos;
  const next = s.peek();
  const isWord = s.token.kind === 'name' || s.token.kind === 'quoted';
  const isLast = next.kind === 'end' || next.word === ';' || next.word === ',' || next.word === ')';
  if (!isWord || !isLast || s.is('true') || s.is('false') || s.is('null')) return s.expr();
  const value = s.label();
  return { kind: 'literal', value: { type: UTF8, value }, span: s.span(start) };
}
