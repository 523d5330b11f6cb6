import type { Expr } from '../../src/query/expr.ts';
import type { Query, SelectItem } from '../../src/query/query.ts';
import type { CopyOptions, Statement } from '../../src/query/statement.ts';
import { textLiteral } from './literal.ts';
import { parseObjectName } from './parse-insert.ts';
import { parseSettingValue } from './parse-setting.ts';
import { LEVEL } from './precedence.ts';
import { startsQuery, type TokenStream } from './token-stream.ts';

/** `COPY t (a, b) TO 'f.parquet' (FORMAT parquet)`, `COPY (query) TO …`, `COPY t FROM 'f.csv'` */
export function parseCopy(s: TokenStream): Statement {
  s.pos++;
  if (s.is('(') || startsQuery(s)) {
    const source = s.query();
    s.expect('to');
    return { kind: 'copy-to', source, ...parseTarget(s) };
  }
  const start = s.pos;
  const table = parseObjectName(s, "a table, or '(' and a query");
  const columns = s.is('(') ? s.nameList() : undefined;
  if (s.accept('from')) {
    const path = parsePath(s);
    return { kind: 'copy-from', table, columns, path, options: parseCopyOptions(s) };
  }
  if (!s.accept('to')) s.fail('TO or FROM');
  const all: Query = { kind: 'table', path: table.path, span: table.span };
  const items = columns?.map((name): SelectItem => ({ expr: { kind: 'name', path: [name], span: s.span(start) } }));
  const source: Query = items === undefined ? all : { kind: 'select', from: all, items, span: s.span(start) };
  return { kind: 'copy-to', source, ...parseTarget(s) };
}

function parseTarget(s: TokenStream): { path: Expr; options: CopyOptions } {
  const path = parsePath(s);
  return { path, options: parseCopyOptions(s) };
}

/** A string, a parameter, or an expression in parentheses. */
function parsePath(s: TokenStream): Expr {
  const { kind, word } = s.token;
  if (kind !== 'string' && kind !== 'parameter' && word !== '(' && word !== '[')
    s.fail('the path of a file, a string, or an expression in parentheses');
  return s.expr(LEVEL.primary);
}

/** `(FORMAT csv, HEADER)`, also without parentheses as in older PostgreSQL; PARTITIONED BY and STORED AS. */
export function parseCopyOptions(s: TokenStream): CopyOptions {
  const options: [string, Expr][] = [];
  const add = (name: string, value: Expr): void => {
    if (options.some(([other]) => other === name)) s.error(`the option ${name.toUpperCase()} stands twice`, s.peek(-1));
    options.push([name, value]);
  };
  if (s.accept('stored', 'as')) add('format', text(s));
  if (s.accept('partitioned', 'by')) add('partition_by', parseValue(s));
  if (!s.accept('with')) s.accept('options');
  if (s.is('(')) {
    s.bracketed(() => {
      while (!s.is(')')) {
        add(optionName(s), hasValue(s) ? parseValue(s) : TRUE);
        if (!s.accept(',')) break;
      }
    });
  } else
    while (s.token.kind === 'name') {
      const name = optionName(s);
      if (name === 'csv' || name === 'parquet' || name === 'json')
        add('format', { kind: 'literal', value: textLiteral(name) });
      else {
        s.accept('as');
        const { kind } = s.peek(0);
        add(name, kind === 'string' || kind === 'number' ? s.expr() : TRUE);
      }
    }
  return Object.fromEntries(options);
}

const TRUE: Expr = { kind: 'literal', value: { type: { kind: 'boolean' }, value: true } };

/** An option's name in lower case; DataFusion's may be strings with dots. */
function optionName(s: TokenStream): string {
  const parts = [s.take('string') ?? s.label('an option')];
  while (s.accept('.')) parts.push(s.label("a name after '.'"));
  return parts.join('.').toLowerCase();
}

function hasValue(s: TokenStream): boolean {
  s.acceptOneOf('=', ':=', '=>');
  return !s.is(',') && !s.is(')');
}

const text = (s: TokenStream): Expr => ({
  kind: 'literal',
  value: textLiteral(s.take('string') ?? s.label('a format').toLowerCase()),
});

/** A bare word is a string, `(a, b)` a list of such. */
function parseValue(s: TokenStream): Expr {
  const start = s.pos;
  if (s.accept('*')) return { kind: 'star', span: s.span(start) };
  if (!s.is('(')) return parseSettingValue(s);
  const args = s.bracketed(() => (s.accept('*') ? undefined : s.list(() => parseSettingValue(s))));
  const span = s.span(start);
  return args === undefined ? { kind: 'star', span } : { kind: 'call', fn: 'list_value', args, span };
}
