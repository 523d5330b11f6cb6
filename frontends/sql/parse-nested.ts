import type { Expr } from '../../src/query/expr.ts';
import type { TokenStream } from './token-stream.ts';

/** `[1, 2]` = `list_value(1, 2)`, and the comprehension `[x + 1 for x in l if x > 0]`. */
export function parseBrackets(s: TokenStream): Expr {
  const start = s.pos++;
  const args: Expr[] = [];
  while (!s.is(']')) {
    args.push(s.expr());
    if (args.length === 1 && s.is('for')) return parseComprehension(s, args[0]!, start);
    if (!s.accept(',')) break;
  }
  s.close(start, ']');
  return { kind: 'call', fn: 'list_value', args, span: s.span(start) };
}

/** `[f for x in l if p]` = `list_transform(list_filter(l, lambda x: p), lambda x: f)` */
function parseComprehension(s: TokenStream, body: Expr, start: number): Expr {
  s.expect('for');
  const params = s.list(() => s.name('a variable'));
  s.expect('in');
  let list = s.expr();
  const condition = s.accept('if') ? s.expr() : undefined;
  s.close(start, ']');
  const span = s.span(start);
  if (condition !== undefined)
    list = { kind: 'call', fn: 'list_filter', args: [list, { kind: 'lambda', params, body: condition, span }], span };
  return { kind: 'call', fn: 'list_transform', args: [list, { kind: 'lambda', params, body, span }], span };
}

/** `{'a': 1, b: 2}` */
export function parseBraces(s: TokenStream): Expr {
  const start = s.pos++;
  const fields = [];
  while (!s.is('}')) {
    const name = s.take('string') ?? s.label('a field name');
    s.expect(':');
    fields.push({ name, value: s.expr() });
    if (!s.accept(',')) break;
  }
  s.close(start, '}');
  return { kind: 'struct', fields, span: s.span(start) };
}

/** `MAP {'a': 1}` = `map(['a'], [1])` */
export function parseMap(s: TokenStream): Expr {
  const start = s.pos++;
  const open = s.pos++;
  const keys: Expr[] = [];
  const values: Expr[] = [];
  while (!s.is('}')) {
    keys.push(s.expr());
    s.expect(':');
    values.push(s.expr());
    if (!s.accept(',')) break;
  }
  s.close(open, '}');
  const span = s.span(start);
  const lists: Expr[] = [keys, values].map(args => ({ kind: 'call', fn: 'list_value', args, span }));
  return { kind: 'call', fn: 'map', args: keys.length === 0 ? [] : lists, span };
}
