import { RayexecError } from '../../src/common/errors.ts';
import type { Expr, StarExpr } from '../../src/query/expr.ts';
import type { JoinQuery, NamedExpr, Query, SelectItem, SelectQuery, SetQuery } from '../../src/query/query.ts';
import { rewriteExprChildren, rewriteQueryChildren } from '../../src/query/walk.ts';

/** The names of a query's columns; undefined when they are not known before its files are read. */
export type ColumnsOf = (query: Query) => readonly string[] | undefined;

type QueryOf<K extends Query['kind']> = Extract<Query, { kind: K }>;

/**
 * The query without the verbs that SELECT lacks: each becomes a SELECT, so that it prints as SQL of the usual kind.
 * @throws RayexecError `unsupported` where a verb means what only the columns of a file can tell
 */
export function classicQuery(query: Query, columnsOf: ColumnsOf): Query {
  return new Classic(columnsOf).query(query);
}

const ALL: SelectItem = { expr: { kind: 'star' } };
const sameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
const nameOf = (...path: string[]): Expr => ({ kind: 'name', path });
const call = (fn: string, ...args: Expr[]): Expr => ({ kind: 'call', fn, args });

class Classic {
  readonly #columnsOf: ColumnsOf;

  constructor(columnsOf: ColumnsOf) {
    this.#columnsOf = columnsOf;
  }

  query(q: Query): Query {
    switch (q.kind) {
      case 'filter':
        return this.#filter(q);
      case 'extend':
        return this.#extend(q);
      case 'drop':
        return this.#select(q.input, [star({ exclude: q.columns.map(c => [c]) })]);
      case 'rename':
        return this.#select(q.input, [star({ rename: q.columns })]);
      case 'aggregate':
        return this.#aggregate(q);
      case 'distinct':
        return this.#distinct(q);
      case 'sort':
        return this.#ending(q.input, { orderBy: q.keys.map(k => ({ ...k, expr: this.#expr(k.expr) })) });
      case 'limit': {
        const { count, offset, percent, ties } = q;
        return this.#ending(q.input, { limit: { count, offset, percent, ties } });
      }
      case 'unnest':
        return this.#unnest(q);
      case 'unpivot':
        return { kind: 'select', from: this.#below(q), items: [ALL] };
      case 'set-op':
        return q.byName ? this.#byPosition(q) : this.#below(q);
      case 'join':
        return q.suffix === undefined && q.on?.kind !== 'pairs' && q.on?.kind !== 'predicate'
          ? this.#below(q)
          : this.#join(q);
      default:
        return this.#below(q);
    }
  }

  /** The same node over classic queries. */
  #below(q: Query): Query {
    return rewriteQueryChildren(q, { expr: e => this.#expr(e), query: inner => this.query(inner) });
  }

  #expr(e: Expr): Expr {
    return rewriteExprChildren(e, { expr: inner => this.#expr(inner), query: q => this.query(q) });
  }

  #named(columns: readonly NamedExpr[]): SelectItem[] {
    return columns.map(({ name, expr }) => ({ expr: this.#expr(expr), alias: name }));
  }

  #select(input: Query, items: readonly SelectItem[], clauses: Partial<SelectQuery> = {}): SelectQuery & Query {
    return { kind: 'select', from: this.query(input), items, ...clauses };
  }

  #filter({ input, predicate }: QueryOf<'filter'>): Query {
    const where = this.#expr(predicate);
    const from = this.query(input);
    // Filters after filters are one.
    if (from.kind === 'select' && from.where !== undefined && isOnly(from, ['where']))
      return { ...from, where: call('and', from.where, where) };
    return { kind: 'select', from, items: [ALL], where };
  }

  /** ORDER BY and LIMIT, which a SELECT has at its end. */
  #ending(input: Query, clause: Pick<SelectQuery, 'orderBy' | 'limit'>): Query {
    const from = this.query(input);
    // Names in ORDER BY must be those of the whole input.
    const fits =
      from.kind === 'select' && (clause.limit === undefined ? isOnly(from, ['where']) : from.limit === undefined);
    if (fits) return { ...from, ...clause };
    return { kind: 'select', from, items: [ALL], ...clause };
  }

  /** Columns that exist are replaced in their place, others come last. */
  #extend(q: QueryOf<'extend'>): Query {
    const known = this.#known(q.input, `which of ${q.columns.map(c => `"${c.name}"`).join(', ')} exist`);
    const isOld = (c: NamedExpr): boolean => known.some(k => sameName(k, c.name));
    const replaced = q.columns.filter(isOld).map(c => ({ name: c.name, value: this.#expr(c.expr) }));
    const added = this.#named(q.columns.filter(c => !isOld(c)));
    return this.#select(q.input, [replaced.length === 0 ? ALL : star({ replace: replaced }), ...added]);
  }

  #aggregate({ input, keys, aggregates }: QueryOf<'aggregate'>): Query {
    const items = this.#named([...keys, ...aggregates]);
    if (keys.length === 0) return this.#select(input, items);
    const elements = keys.map((_, i) => ({ kind: 'expr' as const, expr: ordinal(i + 1) }));
    return this.#select(input, items, { groupBy: { kind: 'elements', elements } });
  }

  #distinct({ input, on }: QueryOf<'distinct'>): Query {
    if (on === undefined) return this.#select(input, [ALL], { distinct: true });
    const keys = on.map(e => this.#expr(e));
    // Which row is the first, the order below says.
    if (input.kind !== 'sort') return this.#select(input, [ALL], { distinct: keys });
    const orderBy = input.keys.map(k => ({ ...k, expr: this.#expr(k.expr) }));
    return this.#select(input.input, [ALL], { distinct: keys, orderBy });
  }

  /** Columns by name, put in the left side's order; a union where one side lacks some stays one by name. */
  #byPosition(q: SetQuery): Query {
    const left = this.#columnsOf(q.left);
    const right = this.#columnsOf(q.right);
    const isSame = left?.length === right?.length && left?.every(l => right?.some(r => sameName(l, r)));
    if (left === undefined || isSame !== true) return this.#below({ ...q, kind: 'set-op' });
    const inOrder = left.every((l, i) => sameName(l, right![i]!));
    const side = inOrder
      ? this.query(q.right)
      : this.#select(
          q.right,
          left.map(l => ({ expr: nameOf(l) })),
        );
    return { ...q, kind: 'set-op', byName: false, left: this.query(q.left), right: side };
  }

  #unnest({ input, column, prefix }: QueryOf<'unnest'>): Query {
    if (prefix !== undefined) throw unknown('the fields of a struct');
    return this.#select(input, [star({ replace: [{ name: column, value: call('unnest', nameOf(column)) }] })]);
  }

  /** A DataFrame's join gives one flat list of columns: shared keys once, clashing names with a suffix. */
  #join(q: JoinQuery): Query {
    const on = q.on;
    const [l, r] = on?.kind === 'predicate' ? [on.left, on.right] : ['l', 'r'];
    const isExistence = ['semi', 'anti', 'asof-semi', 'asof-anti'].includes(q.type);
    const shared: readonly string[] =
      on?.kind === 'using'
        ? on.columns
        : on?.kind === 'pairs' && !isExistence
          ? on.pairs.filter(([a, b]) => sameName(a, b)).map(([a]) => a)
          : [];
    const from: Query = {
      kind: 'join',
      type: q.type,
      left: { kind: 'alias', input: this.#side(q.left), name: l },
      right: { kind: 'alias', input: this.#side(q.right), name: r },
      on: this.#condition(q, l, r),
    };
    if (isExistence) return { kind: 'select', from, items: [star({ qualifier: [l] })] };
    const left = this.#known(q.left, 'the columns of the join');
    const right = this.#known(q.right, 'the columns of the join');
    const isShared = (name: string): boolean => shared.some(s => sameName(s, name));
    const shown = (name: string): Expr => {
      const isRight = q.type === 'right' || q.type === 'asof-right';
      if (!isShared(name) || !(isRight || q.type === 'full' || q.type === 'asof-full')) return nameOf(l, name);
      return isRight ? nameOf(r, name) : call('coalesce', nameOf(l, name), nameOf(r, name));
    };
    const items = [
      ...left.map(name => ({ expr: shown(name), alias: name })),
      ...right
        .filter(name => !isShared(name))
        .map(name => {
          const clashes = left.some(other => sameName(other, name));
          return { expr: nameOf(r, name), alias: clashes ? `${name}${q.suffix ?? ''}` : name };
        }),
    ];
    return { kind: 'select', from, items };
  }

  #side(q: Query): Query {
    const side = this.query(q);
    return side.kind === 'alias' || side.kind === 'join' ? { kind: 'select', from: side, items: [ALL] } : side;
  }

  #condition({ on, type }: JoinQuery, l: string, r: string): JoinQuery['on'] {
    // The last column of an ASOF join is the one that is to be near.
    const last = (equal: string): string => (type.startsWith('asof') ? '>=' : equal);
    switch (on?.kind) {
      case 'using':
        return {
          kind: 'on',
          predicate: conjunction(
            on.columns.map((c, i) => call(i === on.columns.length - 1 ? last('=') : '=', nameOf(l, c), nameOf(r, c))),
          ),
        };
      case 'pairs': {
        const equal = on.nullsEqual === true ? 'is not distinct from' : '=';
        return {
          kind: 'on',
          predicate: conjunction(
            on.pairs.map(([a, b], i) =>
              call(i === on.pairs.length - 1 ? last(equal) : equal, nameOf(l, a), nameOf(r, b)),
            ),
          ),
        };
      }
      case 'predicate':
        return { kind: 'on', predicate: this.#expr(on.predicate) };
      case undefined:
        // Without a condition every pair of rows meets it.
        return type === 'cross' || type === 'positional' ? undefined : { kind: 'on', predicate: TRUE };
      default:
        return on;
    }
  }

  #known(input: Query, what: string): readonly string[] {
    const names = this.#columnsOf(input);
    if (names === undefined) throw unknown(what);
    return names;
  }
}

const TRUE: Expr = { kind: 'literal', value: { type: { kind: 'boolean' }, value: true } };

const unknown = (what: string): RayexecError =>
  new RayexecError('unsupported', `Classic SQL must name the columns, and ${what} is not known yet`, {
    hint: 'toSQL() prints pipe syntax, which needs no names; or select the columns before',
  });

const star = (parts: Omit<StarExpr, 'kind'>): SelectItem => ({ expr: { kind: 'star', ...parts } });

const ordinal = (value: number): Expr => ({
  kind: 'literal',
  value: { type: { kind: 'int', bits: 32, signed: true }, value },
});

const conjunction = (parts: readonly Expr[]): Expr => parts.reduce((a, b) => call('and', a, b));

const CLAUSES = [
  'distinct',
  'where',
  'groupBy',
  'having',
  'windows',
  'qualify',
  'orderBy',
  'limit',
] as const satisfies readonly (keyof SelectQuery)[];

/** `SELECT *` with no clauses but these. */
function isOnly(q: SelectQuery, clauses: readonly (keyof SelectQuery)[]): boolean {
  const [item] = q.items;
  const isAll = q.items.length === 1 && item?.expr.kind === 'star' && Object.keys(item.expr).length === 1;
  return isAll && CLAUSES.every(c => clauses.includes(c) || q[c] === undefined);
}
