import type { Expr } from '../../src/query/expr.ts';
import type { GroupBy, GroupingElement } from '../../src/query/query.ts';
import type { TokenStream } from './token-stream.ts';

/** What follows GROUP BY. */
export function parseGroupBy(s: TokenStream): GroupBy {
  if (s.is('all') || (s.is('*') && s.peek().word !== 'columns')) {
    s.pos++;
    return { kind: 'all' };
  }
  return { kind: 'elements', elements: s.list(() => parseElement(s, false)) };
}

function parseElement(s: TokenStream, inSets: boolean): GroupingElement {
  if (s.accept('grouping', 'sets'))
    return { kind: 'grouping-sets', elements: s.bracketedList(() => parseElement(s, true)) };
  if (s.is('rollup', '(') || s.is('cube', '(')) {
    const kind = s.acceptOneOf('rollup', 'cube')!;
    return { kind, sets: s.bracketedList(() => parseSet(s)) };
  }
  if (s.is('(', ')')) {
    s.pos += 2;
    return { kind: 'set', exprs: [] };
  }
  const start = s.pos;
  const from = s.token.start;
  const expr = s.expr();
  if (!s.isBracketed(start)) return { kind: 'expr', expr };
  if (expr.kind === 'row' && expr.span?.start === from) return { kind: 'set', exprs: expr.items };
  return inSets ? { kind: 'set', exprs: [expr] } : { kind: 'expr', expr };
}

/** `a` or `(a, b)` inside ROLLUP and CUBE. */
function parseSet(s: TokenStream): readonly Expr[] {
  const from = s.token.start;
  const isOpen = s.is('(');
  const expr = s.expr();
  return expr.kind === 'row' && isOpen && expr.span?.start === from ? expr.items : [expr];
}
