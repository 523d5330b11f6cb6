import type { Query } from '../../src/query/query.ts';
import { parseNamedTable } from './parse-from.ts';
import { startsQuery, type TokenStream } from './token-stream.ts';

/** `DESCRIBE query`, `DESCRIBE t`, `SUMMARIZE 'file.csv'`. */
export function parseDescribe(s: TokenStream): Query {
  const start = s.pos;
  const kind = s.acceptOneOf('describe', 'desc', 'summarize') === 'summarize' ? 'summarize' : 'describe';
  if (kind === 'describe' && (s.token.kind === 'end' || s.is(';') || s.is(')')))
    return { kind: 'show', what: 'all-tables', span: s.span(start) };
  const input = parseDescribed(s);
  return { kind, input, span: s.span(start) };
}

function parseDescribed(s: TokenStream): Query {
  const start = s.pos;
  const path = s.take('string');
  if (path !== undefined) return { kind: 'table', path: [path], span: s.span(start) };
  return startsQuery(s) || s.is('(') ? s.query() : parseNamedTable(s);
}

type Listing = Exclude<Extract<Query, { readonly kind: 'show' }>['what'], 'setting' | 'all-tables'>;
const LISTINGS: ReadonlySet<string> = new Set<Listing>(['tables', 'databases', 'schemas', 'functions', 'settings']);

/** `SHOW TABLES`, `SHOW ALL TABLES`, `SHOW ALL` (settings), `SHOW threads`. */
export function parseShow(s: TokenStream): Query {
  const start = s.pos++;
  if (s.accept('all')) {
    const what = s.accept('tables') ? 'all-tables' : 'settings';
    return { kind: 'show', what, span: s.span(start) };
  }
  if (s.token.kind === 'name' && s.isOneOf(LISTINGS)) {
    const what = s.token.word as Listing;
    s.pos++;
    const name = s.accept('from') || s.accept('in') ? s.path('a schema').join('.') : undefined;
    return { kind: 'show', what, name, span: s.span(start) };
  }
  if (s.accept('time', 'zone')) return { kind: 'show', what: 'setting', name: 'timezone', span: s.span(start) };
  const name = s.path('TABLES, DATABASES, SCHEMAS, FUNCTIONS or the name of a setting').join('.');
  return { kind: 'show', what: 'setting', name, span: s.span(start) };
}
