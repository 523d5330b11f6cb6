import type { Expr } from '../../src/query/expr.ts';
import type { Query, SampleQuery } from '../../src/query/query.ts';
import { LEVEL } from './precedence.ts';
import type { TokenStream } from './token-stream.ts';

type Method = NonNullable<SampleQuery['method']>;
const METHODS: ReadonlySet<string> = new Set<Method>(['reservoir', 'bernoulli', 'system']);

/** `TABLESAMPLE 10%`, `TABLESAMPLE reservoir(20 ROWS) REPEATABLE (42)`, after its input; also `USING SAMPLE …`. */
export function parseTableSample(s: TokenStream, input: Query, start: number): Query {
  s.pos++;
  let method: Method | undefined;
  let size: Size;
  if (s.token.kind === 'name' && s.isOneOf(METHODS) && s.peek().word === '(') {
    method = s.token.word as Method;
    s.pos++;
    // A bare number in a method's parentheses is a percentage, except for the reservoir.
    const bare = method === 'reservoir' ? 'rows' : 'percent';
    size = s.bracketed(() => parseSize(s, bare));
  } else if (s.is('(')) size = s.bracketed(() => parseSize(s, 'rows'));
  else size = parseSize(s, 'rows');
  let seed: number | undefined;
  if (method === undefined && s.is('(') && s.peek().kind === 'name') {
    // `10% (system, 42)`: method and seed in parentheses after the size
    s.bracketed(() => {
      if (!s.isOneOf(METHODS)) s.fail('RESERVOIR, BERNOULLI or SYSTEM');
      method = s.label().toLowerCase() as Method;
      if (s.accept(',')) seed = parseSeed(s);
    });
  }
  if (s.accept('repeatable')) seed = s.bracketed(() => parseSeed(s));
  return { kind: 'sample', input, ...size, method, seed, span: s.span(start) };
}

type Size = { readonly size: Expr; readonly unit: 'rows' | 'percent' };

function parseSize(s: TokenStream, bare: Size['unit']): Size {
  const size = s.expr(LEVEL.primary);
  if (s.accept('%') || s.accept('percent')) return { size, unit: 'percent' };
  if (s.accept('rows') || s.accept('row')) return { size, unit: 'rows' };
  return { size, unit: bare };
}

function parseSeed(s: TokenStream): number {
  const digits = s.take('number') ?? s.fail('a number, the seed');
  return Number(digits);
}
