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

/**
 * `[f for x in l if p]` = `list_transform(list_filter(l, lambda x: p), lambda x: f)`. With a second variable, the number of an
 * element in `l`, both are computed before anything is left out.
 */
function parseComprehension(s: TokenStream, body: Expr, start: number): Expr {
  s.expect('for');
  const params = s.list(() => s.name('a variable'));
  s.expect('in');
  const list = s.expr();
  const condition = s.accept('if') ? s.expr() : undefined;
  s.close(start, ']');
  const span = s.span(start);
  const call = (fn: string, input: Expr, names: readonly string[], of: Expr): Expr => ({
    kind: 'call',
    fn,
    args: [input, { kind: 'lambda', params: names, body: of, span }],
    span,
  });
  if (condition === undefined) return call('list_transform', list, params, body);
  if (params.length === 1) return call('list_transform', call('list_filter', list, params, condition), params, body);
  const fields = [
    { name: 'filter', value: condition },
    { name: 'result', value: body },
  ];
  const computed = call('list_transform', list, params, { kind: 'struct', fields, span });
  const field = (name: string): Expr => ({ kind: 'name', path: ['elem', name] });
  return call('list_transform', call('list_filter', computed, ['elem'], field('filter')), ['elem'], field('result'));
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
