import type { Expr } from '../../src/query/expr.ts';
import type { NamedWindow, Query, SelectItem, SelectQuery } from '../../src/query/query.ts';
import { parseFromList } from './parse-from.ts';
import { parseGroupBy } from './parse-group.ts';
import { parseTableSample } from './parse-sample.ts';
import { parseWindowSpec } from './parse-window.ts';
import type { TokenStream } from './token-stream.ts';

/** SELECT up to QUALIFY and SAMPLE; ORDER BY and LIMIT belong to the whole query. */
export function parseSelect(s: TokenStream): Query {
  const start = s.pos;
  const { distinct, items } = parseSelectList(s);
  if (s.is('into')) s.unsupported('SELECT … INTO', s.pos, 'write CREATE TABLE … AS SELECT …');
  const from = s.accept('from') ? parseFromList(s) : undefined;
  return parseSelectTail(s, { kind: 'select', from, items, distinct }, start);
}

/** The rest of a query that starts with FROM, once that is read: `FROM t SELECT a WHERE b`, `FROM t`. */
export function parseFromFirst(s: TokenStream, from: Query, start: number): Query {
  const { distinct, items } = s.is('select') ? parseSelectList(s) : { distinct: undefined, items: [star(s, start)] };
  return parseSelectTail(s, { kind: 'select', from, items, distinct }, start);
}

const star = (s: TokenStream, start: number): SelectItem => ({ expr: { kind: 'star', span: s.span(start) } });

type SelectList = Pick<SelectQuery, 'distinct' | 'items'>;

/** `SELECT [DISTINCT [ON (…)]] items` */
export function parseSelectList(s: TokenStream): SelectList {
  s.expect('select');
  let distinct: true | readonly Expr[] | undefined;
  if (s.accept('distinct')) distinct = s.accept('on') ? s.bracketedList(() => s.expr()) : true;
  else s.accept('all');
  return { distinct, items: s.list(() => parseItem(s)) };
}

/** `expr`, `expr AS a`, `expr a`, `a: expr`. */
export function parseItem(s: TokenStream): SelectItem {
  if (s.peek().word === ':' && (s.isName() || s.token.kind === 'string')) {
    const alias = s.take('string') ?? s.name();
    s.pos++;
    return { expr: s.expr(), alias };
  }
  const start = s.pos;
  const expr = s.expr();
  if (expr.kind === 'star' && (s.is('as') || s.isBareAlias()))
    return s.fail(
      "',' or FROM",
      `${s.text.slice(s.span(start).start, s.span(start).end)} are many columns: they take no alias`,
    );
  if (s.accept('as')) return { expr, alias: s.take('string') ?? s.label('an alias') };
  return s.isBareAlias() ? { expr, alias: s.name() } : ({ expr } as SelectItem);
}

/** WHERE, GROUP BY, HAVING, WINDOW, QUALIFY, USING SAMPLE; a sample is taken of what FROM gives. */
function parseSelectTail(s: TokenStream, head: SelectQuery, start: number): Query {
  const where = s.accept('where') ? s.expr() : undefined;
  const groupBy = s.accept('group', 'by') ? parseGroupBy(s) : undefined;
  const having = s.accept('having') ? s.expr() : undefined;
  const windows = s.accept('window') ? s.list(() => parseNamedWindow(s)) : undefined;
  const qualify = s.accept('qualify') ? s.expr() : undefined;
  let { from } = head;
  if (s.is('using', 'sample')) {
    if (from === undefined) return s.fail('FROM before USING SAMPLE');
    s.pos++;
    from = parseTableSample(s, from, start);
  }
  return { ...head, from, where, groupBy, having, windows, qualify, span: s.span(start) };
}

function parseNamedWindow(s: TokenStream): NamedWindow {
  const start = s.pos;
  const name = s.name('the name of a window');
  s.expect('as');
  return { name, spec: parseWindowSpec(s), span: s.span(start) };
}
