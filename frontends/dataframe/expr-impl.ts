import { RayexecError } from '../../src/common/errors.ts';
import type { Expr as Node, SortKey } from '../../src/query/expr.ts';
import { call, isExpr, NODE, name, nodeOf } from './expr-node.ts';
import { comparedLiteral, intervalLiteral, literal } from './literal.ts';
import { noteCondition } from './lost-condition.ts';
import type { Duration, TimeUnit } from './operands.ts';
import { regexpFlags } from './regexp-flags.ts';
import { Order, type OrderOptions } from './sort-key.ts';
import { isSubQuery } from './sub-query.ts';
import { tagType } from './tag-type.ts';
import { windowSpec } from './window.ts';

/**
 * The one class behind all interfaces of `expr.ts`: a wrapper around an expression's plain data, whose methods wrap
 * larger ones. Which methods a column offers is known to the compiler only.
 */
export class ExprImpl {
  readonly [NODE]: Node;
  constructor(node: Node) {
    this[NODE] = node;
  }

  /** Called for `<`, `+`, `${…}` and the like. */
  [Symbol.toPrimitive](): never {
    throw new RayexecError('invalid-argument', 'JavaScript operators do not work on column expressions', {
      hint: 'use .gt(), .eq(), .add(), .and() and so on',
    });
  }

  eq(v: unknown): ExprImpl {
    return this.#compare('=', v);
  }
  ne(v: unknown): ExprImpl {
    return this.#compare('<>', v);
  }
  lt(v: unknown): ExprImpl {
    return this.#compare('<', v);
  }
  lte(v: unknown): ExprImpl {
    return this.#compare('<=', v);
  }
  gt(v: unknown): ExprImpl {
    return this.#compare('>', v);
  }
  gte(v: unknown): ExprImpl {
    return this.#compare('>=', v);
  }
  isDistinctFrom(v: unknown): ExprImpl {
    return this.#compare('is distinct from', v);
  }
  isNotDistinctFrom(v: unknown): ExprImpl {
    return this.#compare('is not distinct from', v);
  }
  isNull(): ExprImpl {
    return condition(call('is null', this[NODE]));
  }
  isNotNull(): ExprImpl {
    return condition(call('is not null', this[NODE]));
  }
  between(low: unknown, high: unknown): ExprImpl {
    return condition({ kind: 'between', input: this[NODE], low: compared(low), high: compared(high), negated: false });
  }
  in(members: unknown): ExprImpl {
    return this.#member(members, false);
  }
  notIn(members: unknown): ExprImpl {
    return this.#member(members, true);
  }

  fillNull(v: unknown): ExprImpl {
    return new ExprImpl(call('coalesce', this[NODE], compared(v)));
  }
  nullIf(v: unknown): ExprImpl {
    return new ExprImpl(call('nullif', this[NODE], compared(v)));
  }
  cast(to: string): ExprImpl {
    return new ExprImpl({ kind: 'cast', input: this[NODE], type: tagType(to), try: false });
  }
  tryCast(to: string): ExprImpl {
    return new ExprImpl({ kind: 'cast', input: this[NODE], type: tagType(to), try: true });
  }
  asc(options: OrderOptions = {}): Order {
    return new Order(keyOf(this[NODE], 'asc', options));
  }
  desc(options: OrderOptions = {}): Order {
    return new Order(keyOf(this[NODE], 'desc', options));
  }

  count(): ExprImpl {
    return this.#call('count');
  }
  countDistinct(): ExprImpl {
    return new ExprImpl({ ...call('count', this[NODE]), distinct: true });
  }
  min(): ExprImpl {
    return this.#call('min');
  }
  max(): ExprImpl {
    return this.#call('max');
  }
  first(): ExprImpl {
    return this.#call('first');
  }
  last(): ExprImpl {
    return this.#call('last');
  }
  collectList(): ExprImpl {
    return this.#call('list');
  }
  sum(): ExprImpl {
    return this.#call('sum');
  }
  avg(): ExprImpl {
    return this.#call('avg');
  }
  std(): ExprImpl {
    return this.#call('stddev_samp');
  }
  variance(): ExprImpl {
    return this.#call('var_samp');
  }
  median(): ExprImpl {
    return this.#call('median');
  }
  quantile(q: number): ExprImpl {
    return this.#call('quantile_cont', q);
  }
  any(): ExprImpl {
    return this.#call('bool_or');
  }
  all(): ExprImpl {
    return this.#call('bool_and');
  }
  filterWhere(filter: unknown): ExprImpl {
    return this.#changeCall('filterWhere', { filter: nodeOf(filter) });
  }
  lag(...args: unknown[]): ExprImpl {
    return this.#call('lag', ...args);
  }
  lead(...args: unknown[]): ExprImpl {
    return this.#call('lead', ...args);
  }
  nth(n: number): ExprImpl {
    return this.#call('nth_value', n);
  }
  ignoreNulls(): ExprImpl {
    return this.#changeCall('ignoreNulls', { nulls: 'ignore' });
  }
  over(...by: unknown[]): ExprImpl {
    return this.#changeCall('over', { over: windowSpec(by) });
  }

  add(v: unknown): ExprImpl {
    return this.#call('+', v);
  }
  sub(v: unknown): ExprImpl {
    return this.#call('-', v);
  }
  mul(v: unknown): ExprImpl {
    return this.#call('*', v);
  }
  div(v: unknown): ExprImpl {
    return this.#call('/', v);
  }
  intDiv(v: unknown): ExprImpl {
    return this.#call('//', v);
  }
  mod(v: unknown): ExprImpl {
    return this.#call('%', v);
  }
  neg(): ExprImpl {
    return this.#call('negate');
  }
  abs(): ExprImpl {
    return this.#call('abs');
  }
  round(digits?: number): ExprImpl {
    return digits === undefined ? this.#call('round') : this.#call('round', digits);
  }
  floor(): ExprImpl {
    return this.#call('floor');
  }
  ceil(): ExprImpl {
    return this.#call('ceil');
  }
  sqrt(): ExprImpl {
    return this.#call('sqrt');
  }
  ln(): ExprImpl {
    return this.#call('ln');
  }
  pow(exponent: unknown): ExprImpl {
    return this.#call('pow', exponent);
  }

  lower(): ExprImpl {
    return this.#call('lower');
  }
  upper(): ExprImpl {
    return this.#call('upper');
  }
  trim(): ExprImpl {
    return this.#call('trim');
  }
  length(): ExprImpl {
    return this.#call('length');
  }
  substring(start: number, length?: number): ExprImpl {
    return length === undefined ? this.#call('substring', start) : this.#call('substring', start, length);
  }
  startsWith(prefix: unknown): ExprImpl {
    return this.#test('starts_with', prefix);
  }
  endsWith(suffix: unknown): ExprImpl {
    return this.#test('ends_with', suffix);
  }
  /** Of strings and of lists, which share the function: only the binder knows the type. */
  contains(v: unknown): ExprImpl {
    return this.#test('contains', v);
  }
  like(pattern: unknown): ExprImpl {
    return this.#test('like', pattern);
  }
  notLike(pattern: unknown): ExprImpl {
    return this.#test('not like', pattern);
  }
  ilike(pattern: unknown): ExprImpl {
    return this.#test('ilike', pattern);
  }
  matches(pattern: RegExp | string): ExprImpl {
    if (typeof pattern === 'string') return this.#test('regexp_matches', pattern);
    const flags = regexpFlags(pattern).replace('g', '');
    return flags === ''
      ? this.#test('regexp_matches', pattern.source)
      : this.#test('regexp_matches', pattern.source, flags);
  }
  replace(from: string | RegExp, to: string): ExprImpl {
    if (typeof from === 'string') return this.#call('replace', from, to);
    // JavaScript writes a captured group as $1, SQL as \1.
    const replacement = to.replaceAll('\\', '\\\\').replace(/\$(\d)/g, '\\$1');
    const flags = regexpFlags(from);
    return flags === ''
      ? this.#call('regexp_replace', from.source, replacement)
      : this.#call('regexp_replace', from.source, replacement, flags);
  }
  split(separator: string): ExprImpl {
    return this.#call('string_split', separator);
  }
  concat(...values: unknown[]): ExprImpl {
    return this.#call('concat', ...values);
  }

  and(...conditions: unknown[]): ExprImpl {
    return combine('and', [this, ...conditions]);
  }
  or(...conditions: unknown[]): ExprImpl {
    return combine('or', [this, ...conditions]);
  }
  not(): ExprImpl {
    return this.#test('not');
  }
  ifElse(yes: unknown, no: unknown): ExprImpl {
    const branches = [{ when: this[NODE], result: nodeOf(yes) }];
    return new ExprImpl({ kind: 'case', branches, otherwise: nodeOf(no) });
  }

  year(): ExprImpl {
    return this.#datePart('year');
  }
  quarter(): ExprImpl {
    return this.#datePart('quarter');
  }
  month(): ExprImpl {
    return this.#datePart('month');
  }
  day(): ExprImpl {
    return this.#datePart('day');
  }
  hour(): ExprImpl {
    return this.#datePart('hour');
  }
  minute(): ExprImpl {
    return this.#datePart('minute');
  }
  second(): ExprImpl {
    return this.#datePart('second');
  }
  dayOfWeek(): ExprImpl {
    return this.#datePart('dow');
  }
  trunc(unit: TimeUnit): ExprImpl {
    return new ExprImpl(call('date_trunc', literal(unit), this[NODE]));
  }
  plus(duration: Duration): ExprImpl {
    return new ExprImpl(call('+', this[NODE], intervalLiteral(duration)));
  }
  minus(duration: Duration): ExprImpl {
    return new ExprImpl(call('-', this[NODE], intervalLiteral(duration)));
  }
  diff(other: unknown, unit: TimeUnit): ExprImpl {
    return new ExprImpl(call('date_diff', literal(unit), compared(other), this[NODE]));
  }
  format(pattern: string): ExprImpl {
    return this.#call('strftime', pattern);
  }

  len(): ExprImpl {
    return this.#call('len');
  }
  at(index: number): ExprImpl {
    // SQL counts from 1 at the front, and like JavaScript from -1 at the end.
    return this.#call('array_extract', index < 0 ? index : index + 1);
  }
  join(separator: string): ExprImpl {
    return this.#call('array_to_string', separator);
  }
  map(f: (x: ExprImpl) => unknown): ExprImpl {
    return this.#lambda('list_transform', f);
  }
  filter(f: (x: ExprImpl) => unknown): ExprImpl {
    return this.#lambda('list_filter', f);
  }
  field(fieldName: string): ExprImpl {
    return new ExprImpl({ kind: 'field', input: this[NODE], name: fieldName });
  }

  #call(fn: string, ...args: unknown[]): ExprImpl {
    return new ExprImpl(call(fn, this[NODE], ...args.map(nodeOf)));
  }
  #test(fn: string, ...args: unknown[]): ExprImpl {
    return condition(call(fn, this[NODE], ...args.map(nodeOf)));
  }
  #compare(op: string, v: unknown): ExprImpl {
    return condition(call(op, this[NODE], compared(v)));
  }
  #datePart(part: string): ExprImpl {
    return new ExprImpl(call('date_part', literal(part), this[NODE]));
  }
  #member(members: unknown, negated: boolean): ExprImpl {
    const input = this[NODE];
    if (isSubQuery(members)) return condition({ kind: 'in-query', input, query: members.query, negated });
    if (!Array.isArray(members)) {
      throw new RayexecError('invalid-argument', 'in() wants a list of values, or a column of another frame', {
        hint: "t.k.in(['a', 'b']) or t.k.in(other.column('k'))",
      });
    }
    return condition({ kind: 'in-list', input, items: members.map(compared), negated });
  }
  #changeCall(method: string, change: object): ExprImpl {
    const node = this[NODE];
    if (node.kind === 'call') return new ExprImpl({ ...node, ...change });
    throw new RayexecError('invalid-argument', `.${method}() wants an aggregate or window function before it`, {
      hint: `t.x.sum().${method}(…)`,
    });
  }
  #lambda(fn: string, f: (x: ExprImpl) => unknown): ExprImpl {
    const param = `x${lambdaDepth++}`;
    try {
      const body = nodeOf(f(new ExprImpl(name(param))));
      return new ExprImpl(call(fn, this[NODE], { kind: 'lambda', params: [param], body }));
    } finally {
      lambdaDepth--;
    }
  }
}

/** How many lambdas surround the one being built: gives each its own parameter name. */
let lambdaDepth = 0;

/** An expression of the public interface around plain data; the caller's return type says which. */
export function wrap(node: Node): never {
  return new ExprImpl(node) as never;
}

/** `a and b and …`, left-deep; a single one is itself. */
export function combine(op: 'and' | 'or', conditions: readonly unknown[]): ExprImpl {
  const [first, ...rest] = conditions.map(nodeOf);
  if (first === undefined) {
    throw new RayexecError('invalid-argument', `${op}() wants at least one condition`);
  }
  if (rest.length === 0) return new ExprImpl(first);
  return condition(rest.reduce((a, b) => call(op, a, b), first));
}

/** A boolean expression, watched by the guard against `&&`. */
export function condition(node: Node): ExprImpl {
  return new ExprImpl(noteCondition(node));
}

/** A sort key with its direction. */
export function keyOf(expr: Node, direction: 'asc' | 'desc', { nulls }: OrderOptions): SortKey {
  return nulls === undefined ? { expr, direction } : { expr, direction, nulls };
}

function compared(v: unknown): Node {
  return isExpr(v) ? v[NODE] : comparedLiteral(v);
}
