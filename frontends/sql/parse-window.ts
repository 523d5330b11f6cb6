import type { FrameBound, WindowFrame, WindowSpec } from '../../src/query/expr.ts';
import { parseSortKeys } from './parse-sort.ts';
import type { TokenStream } from './token-stream.ts';

/** What follows OVER: a window in parentheses or the name of one. */
export function parseOver(s: TokenStream): WindowSpec | string {
  return s.is('(') ? parseWindowSpec(s) : s.name('a window');
}

/** `(base PARTITION BY … ORDER BY … ROWS …)` */
export function parseWindowSpec(s: TokenStream): WindowSpec {
  return s.bracketed(() => {
    const startsClause =
      s.is('partition', 'by') || s.is('order', 'by') || s.is('rows') || s.is('range') || s.is('groups');
    const base = !startsClause && s.isName() ? s.name() : undefined;
    const partitionBy = s.accept('partition', 'by') ? s.list(() => s.expr()) : undefined;
    const orderBy = s.accept('order', 'by') ? parseSortKeys(s) : undefined;
    return { base, partitionBy, orderBy, frame: parseFrame(s) };
  });
}

function parseFrame(s: TokenStream): WindowFrame | undefined {
  const unit = s.acceptOneOf('rows', 'range', 'groups');
  if (unit === undefined) return undefined;
  let start: FrameBound;
  let end: FrameBound = { kind: 'current-row' };
  const where = s.token;
  if (s.accept('between')) {
    start = parseBound(s);
    s.expect('and');
    end = parseBound(s);
  } else start = parseBound(s);
  if (start.kind === 'unbounded-following') s.error("a window's frame cannot start at UNBOUNDED FOLLOWING", where);
  if (end.kind === 'unbounded-preceding') s.error("a window's frame cannot end at UNBOUNDED PRECEDING", where);
  return { unit, start, end, exclude: parseExclude(s) };
}

function parseBound(s: TokenStream): FrameBound {
  if (s.accept('current', 'row')) return { kind: 'current-row' };
  if (s.is('unbounded')) {
    s.pos++;
    const side = s.acceptOneOf('preceding', 'following') ?? s.fail('PRECEDING or FOLLOWING');
    return { kind: `unbounded-${side}` };
  }
  const offset = s.expr();
  const kind = s.acceptOneOf('preceding', 'following') ?? s.fail('PRECEDING or FOLLOWING');
  return { kind, offset };
}

function parseExclude(s: TokenStream): WindowFrame['exclude'] {
  if (!s.accept('exclude')) return undefined;
  if (s.accept('current', 'row')) return 'current-row';
  if (s.accept('group')) return 'group';
  if (s.accept('ties')) return 'ties';
  if (s.accept('no', 'others')) return undefined;
  return s.fail('CURRENT ROW, GROUP, TIES or NO OTHERS');
}
