import type { Expr, SortKey } from '../../src/query/expr.ts';
import type { LimitClause } from '../../src/query/query.ts';
import { LEVEL } from './precedence.ts';
import type { TokenStream } from './token-stream.ts';
import type { Token } from './tokens.ts';

/** What follows ORDER BY: keys, or ALL (a key that is a star). */
export function parseSortKeys(s: TokenStream): SortKey[] {
  return s.list(() => {
    const start = s.pos;
    const isAll = s.is('all') || (s.is('*') && s.peek().word !== 'columns');
    if (isAll) s.pos++;
    const expr: Expr = isAll ? { kind: 'star', span: s.span(start) } : s.expr();
    if (s.is('using')) s.unsupported('ORDER BY … USING');
    const direction = s.accept('asc') ? 'asc' : s.accept('desc') || s.accept('descending') ? 'desc' : undefined;
    let nulls: 'first' | 'last' | undefined;
    if (s.accept('nulls')) nulls = s.acceptOneOf('first', 'last') ?? s.fail('FIRST or LAST');
    return { expr, direction, nulls };
  });
}

/** LIMIT, OFFSET and FETCH in any order; undefined when there is none. */
export function parseLimit(s: TokenStream): LimitClause | undefined {
  let limit: LimitClause | undefined;
  for (;;) {
    const { token } = s;
    if (s.accept('limit')) {
      if (limit?.count !== undefined) s.error('LIMIT stands twice', token);
      limit = { ...limit, ...parseCount(s) };
      // PostgreSQL has no `LIMIT a, b`; in MySQL and SQLite `a` is the offset.
      if (s.is(',')) s.fail('the end of LIMIT', 'write LIMIT count OFFSET start');
    } else if (s.accept('offset')) {
      if (limit?.offset !== undefined) s.error('OFFSET stands twice', token);
      limit = { ...limit, offset: s.expr() };
      if (!s.accept('rows')) s.accept('row');
    } else if (s.accept('fetch')) {
      if (!s.accept('first')) s.expect('next');
      const count: Expr =
        s.is('row') || s.is('rows')
          ? { kind: 'literal', value: { type: { kind: 'int', bits: 32, signed: true }, value: 1 } }
          : s.expr();
      const percent = s.accept('percent') ? true : undefined;
      if (!s.accept('rows') && !s.accept('row')) s.fail('ROWS');
      const ties = s.accept('with', 'ties') ? true : undefined;
      if (!ties) s.expect('only');
      limit = { ...limit, count, percent, ties };
    } else return limit;
  }
}

function parseCount(s: TokenStream): LimitClause {
  if (s.accept('all')) return {};
  // `LIMIT 10%`, `LIMIT (a + b)%`: not the start of a modulo, since no operand follows.
  const after = s.is('(') && s.token.match >= 0 ? s.token.match - s.pos + 1 : 1;
  if (s.peek(after).word === '%' && endsLimit(s.peek(after + 1))) {
    const count = s.expr(LEVEL.primary);
    s.pos++;
    return { count, percent: true };
  }
  const count = s.expr();
  if (count.kind === 'literal' && count.value.value === null) return {};
  return { count, percent: s.accept('percent') || s.accept('%') ? true : undefined };
}

/** Whether the token can only follow LIMIT's count. */
function endsLimit({ kind, word }: Token): boolean {
  return kind === 'end' || word === ')' || word === ';' || word === 'offset' || word === '|>' || word === ',';
}
