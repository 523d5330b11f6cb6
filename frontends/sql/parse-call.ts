import type { CallExpr, Expr, SortKey } from '../../src/query/expr.ts';
import { parseSortKeys } from './parse-sort.ts';
import { SPECIAL_CALLS } from './parse-special-call.ts';
import { parseOver } from './parse-window.ts';
import { startsQuery, type TokenStream } from './token-stream.ts';
import type { Token } from './tokens.ts';

/** The functions whose argument `x -> …` is a lambda even where it could be JSON's arrow: `x -> 'a'`. */
const LAMBDA_FUNCTIONS: ReadonlySet<string> = new Set(
  ['transform', 'apply', 'filter', 'reduce', 'any_match', 'all_match', 'sort_by'].flatMap(name => [
    name,
    `list_${name}`,
    `array_${name}`,
  ]),
);

/** A call whose function's name is the current token; `qualifier` is what stood before it: `s.f(x)`, `x.f()`. */
export function parseCall(s: TokenStream, qualifier: readonly string[], start: number): Expr {
  const { kind, word } = s.token;
  if (kind === 'name' && qualifier.length === 0) {
    const special = SPECIAL_CALLS[word]?.(s, start);
    if (special !== undefined) return special;
  }
  const fn = kind === 'quoted' ? s.token.value : word;
  s.pos++;
  const parts = parseArguments(s, fn);
  const call: CallExpr = {
    kind: 'call',
    fn,
    qualifier: qualifier.length === 0 ? undefined : qualifier,
    ...parts,
    ...parseSuffixes(s, parts),
  };
  return { ...call, span: s.span(start) };
}

type Arguments = Pick<CallExpr, 'args' | 'named' | 'distinct' | 'orderBy' | 'nulls'>;

/** `(DISTINCT a, b, name := c ORDER BY d IGNORE NULLS)`; `(*)` is no argument. */
function parseArguments(s: TokenStream, fn: string): Arguments {
  const open = s.pos++;
  if (s.is('*', ')')) {
    s.pos += 2;
    return { args: [] };
  }
  const distinct = s.accept('distinct') ? true : undefined;
  if (!distinct) s.accept('all');
  if (distinct && s.is(')')) s.fail('an expression');
  const args: Expr[] = [];
  const named: [string, Expr][] = [];
  const ends = (): boolean => s.is(')') || s.is('order', 'by') || s.is('ignore', 'nulls') || s.is('respect', 'nulls');
  while (!ends()) {
    const where = s.token;
    const name = parseArgumentName(s);
    if (name !== undefined) {
      refuseTwice(s, name, named, where);
      named.push([name, parseArgument(s, fn)]);
    } else if (named.length > 0) s.fail('a named argument', 'arguments without a name come first');
    else args.push(parseArgument(s, fn));
    if (!s.accept(',')) break;
  }
  const orderBy = s.accept('order', 'by') ? parseSortKeys(s) : undefined;
  const nulls = parseNulls(s);
  s.close(open);
  return { args, named: named.length === 0 ? undefined : Object.fromEntries(named), distinct, orderBy, nulls };
}

/** `name :=` or `name =>`; with `equals` (table functions) also `name =`. */
export function parseArgumentName(s: TokenStream, equals = false): string | undefined {
  const sign = s.peek().word;
  const { kind } = s.token;
  if (kind !== 'name' && kind !== 'quoted') return undefined;
  if (sign !== ':=' && sign !== '=>' && !(equals && sign === '=' && s.isName())) return undefined;
  const name = s.label();
  s.pos++;
  return name;
}

/** @throws RayexecError `parse` when an argument of this name was given before */
export function refuseTwice(
  s: TokenStream,
  name: string,
  given: readonly (readonly [string, Expr])[],
  where: Token,
): void {
  if (given.some(([n]) => n.toLowerCase() === name.toLowerCase()))
    s.error(`the argument ${name} is given twice`, where);
}

/** An argument: an expression, a lambda `x -> …`, or a query. */
export function parseArgument(s: TokenStream, fn: string): Expr {
  const start = s.pos;
  if (isArrowLambda(s, fn)) {
    const params = s.is('(') ? s.nameList('a parameter of the lambda') : [s.name()];
    s.expect('->');
    return { kind: 'lambda', params, body: s.expr(), span: s.span(start) };
  }
  if (!startsQuery(s)) return s.expr();
  const query = s.query();
  return { kind: 'scalar-query', query, span: s.span(start) };
}

/** Whether `x -> …` is a lambda: by the function's name, or because what follows can't be a JSON path. */
function isArrowLambda(s: TokenStream, fn: string): boolean {
  if (s.is('(')) {
    return (
      s.afterBracket()?.word === '->' &&
      (s.peek().kind === 'name' || s.peek().kind === 'quoted') &&
      [',', ')'].includes(s.peek(2).word)
    );
  }
  if (s.peek().word !== '->' || !s.isName()) return false;
  const { kind } = s.peek(2);
  return LAMBDA_FUNCTIONS.has(fn.toLowerCase()) || (kind !== 'string' && kind !== 'number' && kind !== 'parameter');
}

function parseNulls(s: TokenStream): 'ignore' | 'respect' | undefined {
  if (s.accept('ignore', 'nulls')) return 'ignore';
  return s.accept('respect', 'nulls') ? 'respect' : undefined;
}

/** What follows the arguments: WITHIN GROUP, FILTER, IGNORE NULLS, OVER. */
function parseSuffixes(s: TokenStream, { orderBy, nulls }: Arguments): Partial<CallExpr> {
  let sort: readonly SortKey[] | undefined = orderBy;
  let withinGroup: true | undefined;
  if (s.accept('within', 'group')) {
    if (orderBy !== undefined)
      s.error('an aggregate takes ORDER BY in its arguments or WITHIN GROUP, not both', s.peek(-1));
    sort = s.bracketed(() => {
      s.expect('order', 'by');
      return parseSortKeys(s);
    });
    withinGroup = true;
  }
  let filter: Expr | undefined;
  if (s.is('filter', '(')) {
    s.pos++;
    filter = s.bracketed(() => {
      s.accept('where');
      return s.expr();
    });
  }
  // Without OVER these words end the arguments that this call stands in: `lag(a, 1, f(b) IGNORE NULLS)`.
  const suffixNulls = s.is('ignore', 'nulls', 'over') || s.is('respect', 'nulls', 'over') ? parseNulls(s) : undefined;
  const over = s.accept('over') ? parseOver(s) : undefined;
  return { orderBy: sort, withinGroup, filter, nulls: nulls ?? suffixNulls, over };
}
