import type { Random } from './random.ts';
import { type ExprContext, randomExpr, type ScopeColumn } from './random-expr.ts';
import { aggregateOf, groupByText, randomWindow } from './random-groups.ts';
import { type RandomTable, randomLiteral, TYPES, type Type } from './random-table.ts';

export type RandomQuery = {
  readonly sql: string;
  /** ORDER BY covers all columns, so that rows come in one order only. */
  readonly ordered: boolean;
};

type Relation = { readonly sql: string; readonly columns: readonly ScopeColumn[] };
type Common = { readonly name: string; readonly types: readonly Type[] };

/** What a query may read besides its own FROM. */
type Surroundings = {
  readonly outer: readonly ScopeColumn[];
  readonly ctes: readonly Common[];
};

const some = (random: Random): Type => random.pick(TYPES);

/** Makes queries over given tables: each call another one. */
export class QueryMaker {
  readonly #random: Random;
  readonly #tables: readonly RandomTable[];
  #aliases = 0;

  constructor(random: Random, tables: readonly RandomTable[]) {
    this.#random = random;
    this.#tables = tables;
  }

  query(): RandomQuery {
    const random = this.#random;
    this.#aliases = 0;
    const ctes: Common[] = [];
    const defined = random.percent(20) ? random.several(1, 2, () => this.#common(ctes)) : [];
    const types = random.several(1, 4, () => some(random));
    const body = this.#body(types, { outer: [], ctes }, 2 + random.below(2));
    const ordered = random.percent(50);
    const limit = ordered && random.percent(40) ? this.#limit() : '';
    const sql = ordered ? `${body} ${this.#orderBy(types.length)}${limit}` : body;
    return { sql: defined.length > 0 ? `WITH ${defined.join(', ')} ${sql}` : sql, ordered };
  }

  /** A CTE; those after it may read it. */
  #common(ctes: Common[]): string {
    const types = this.#random.several(1, 3, () => some(this.#random));
    const name = `w${ctes.length}`;
    const sql = this.#body(types, { outer: [], ctes: [...ctes] }, 1);
    ctes.push({ name, types });
    const kept = this.#random.pick(['', '', 'MATERIALIZED ', 'NOT MATERIALIZED ']);
    return `${name}(${columnNames(types)}) AS ${kept}(${sql})`;
  }

  #orderBy(count: number): string {
    const key = (i: number): string =>
      `${i + 1}${this.#random.pick(['', ' DESC'])}${this.#random.pick(['', ' NULLS FIRST', ' NULLS LAST'])}`;
    return `ORDER BY ${Array.from({ length: count }, (_, i) => key(i)).join(', ')}`;
  }

  #limit(): string {
    const offset = this.#random.percent(30) ? ` OFFSET ${this.#random.below(4)}` : '';
    return ` LIMIT ${this.#random.below(6)}${offset}`;
  }

  /** A SELECT or set operation whose columns have the given types. */
  #body(types: readonly Type[], around: Surroundings, depth: number): string {
    const random = this.#random;
    if (depth > 0 && random.percent(14)) {
      const op = random.pick(['UNION', 'UNION ALL', 'INTERSECT', 'EXCEPT', 'INTERSECT ALL', 'EXCEPT ALL']);
      const side = (): string => this.#body(types, around, depth - 1);
      return `(${side()}) ${op} (${side()})`;
    }
    return this.#select(types, around, depth);
  }

  #select(types: readonly Type[], around: Surroundings, depth: number): string {
    const random = this.#random;
    const { from, columns } = this.#from(around, depth);
    const visible = [...columns, ...around.outer];
    const subquery = depth > 0 ? this.#subqueries(visible, around, depth - 1) : undefined;
    const ctx: ExprContext = { random, columns: visible, subquery };
    const where = random.percent(55) ? ` WHERE ${randomExpr(ctx, 'bool', 2)}` : '';
    if (random.percent(40)) return this.#grouped(types, ctx, columns, around, `${from}${where}`);
    const item = (type: Type): string =>
      random.percent(12) ? randomWindow(ctx, type, types.length === 1) : randomExpr(ctx, type, 1 + random.below(2));
    const distinct = random.percent(15) ? 'DISTINCT ' : '';
    const qualify = random.percent(4) ? ` QUALIFY ${randomWindow(ctx, 'int', false)} <= 2` : '';
    return `SELECT ${distinct}${named(types.map(item))}${from}${where}${qualify}`;
  }

  #grouped(
    types: readonly Type[],
    ctx: ExprContext,
    own: readonly ScopeColumn[],
    { outer }: Surroundings,
    rest: string,
  ): string {
    const { random } = ctx;
    const below: ExprContext = { random, columns: own };
    const keys = random
      .several(0, 2, (): ScopeColumn => {
        const type = some(random);
        const column = own.filter(c => c.type === type);
        const sql = column.length > 0 && random.percent(70) ? random.pick(column).sql : randomExpr(below, type, 1);
        return { sql, type };
      })
      .filter(k => own.some(c => k.sql.includes(c.sql)));
    const aggregates = random.several(1, 4, () => aggregateOf(below, some(random)));
    const groups: ExprContext = {
      random,
      columns: [...keys, ...aggregates, ...outer],
      subquery: random.percent(30) ? ctx.subquery && this.#subqueries(outer, { outer, ctes: [] }, 0) : undefined,
    };
    const item = (type: Type): string => {
      const ready = groups.columns.filter(c => c.type === type);
      if (ready.length > 0 && random.percent(60)) return random.pick(ready).sql;
      return random.percent(50) ? aggregateOf(below, type).sql : randomExpr(groups, type, 1);
    };
    const items = named(types.map(item));
    const groupBy = keys.length === 0 ? '' : ` GROUP BY ${groupByText(random, keys)}`;
    const having = random.percent(25) ? ` HAVING ${randomExpr(groups, 'bool', 1)}` : '';
    return `SELECT ${items}${rest}${groupBy}${having}`;
  }

  #subqueries(visible: readonly ScopeColumn[], around: Surroundings, depth: number) {
    const random = this.#random;
    return (type: Type, oneRow: boolean): string => {
      const inside = { ...around, outer: random.percent(60) ? visible : [] };
      if (!oneRow) return this.#body([type], inside, depth);
      if (random.percent(50)) {
        const { from, columns } = this.#from(inside, 0);
        const ctx: ExprContext = { random, columns: [...columns, ...inside.outer] };
        const where = random.percent(70) ? ` WHERE ${randomExpr(ctx, 'bool', 1)}` : '';
        return `SELECT ${aggregateOf({ random, columns }, type).sql}${from}${where}`;
      }
      return `${this.#select([type], inside, depth)} ${this.#orderBy(1)} LIMIT 1`;
    };
  }

  #from(around: Surroundings, depth: number): { from: string; columns: readonly ScopeColumn[] } {
    const random = this.#random;
    if (around.outer.length > 0 && random.percent(5)) return { from: '', columns: [] };
    let { sql, columns } = this.#relation(around, depth);
    const joins = random.pick([0, 0, 0, 1, 1, 2]);
    for (let i = 0; i < joins; i++) {
      const joined = this.#join(sql, columns, around, depth);
      sql = joined.sql;
      columns = joined.columns;
    }
    return { from: ` FROM ${sql}`, columns };
  }

  #join(left: string, columns: readonly ScopeColumn[], around: Surroundings, depth: number): Relation {
    const random = this.#random;
    const lists = columns.filter(c => c.type === 'list');
    if (lists.length > 0 && random.percent(15)) {
      const alias = this.#alias();
      const sql = `${left}, unnest(${random.pick(lists).sql}) AS ${alias}(o0)`;
      return { sql, columns: [...columns, { sql: `${alias}.o0`, type: 'int' }] };
    }
    if (depth > 0 && random.percent(10)) {
      const types = random.several(1, 2, () => some(random));
      const alias = this.#alias();
      const inside = this.#body(types, { ...around, outer: [...columns, ...around.outer] }, 0);
      const lateral = `LATERAL (${inside}) AS ${alias}(${columnNames(types)})`;
      const sql = random.percent(50) ? `${left}, ${lateral}` : `${left} LEFT JOIN ${lateral} ON true`;
      return { sql, columns: [...columns, ...scopeOf(alias, types)] };
    }
    const right = this.#relation(around, depth);
    const type = random.pick([
      'JOIN',
      'JOIN',
      'LEFT JOIN',
      'LEFT JOIN',
      'RIGHT JOIN',
      'FULL JOIN',
      'CROSS JOIN',
      'SEMI JOIN',
      'ANTI JOIN',
    ]);
    const both = [...columns, ...right.columns];
    const kept = type === 'SEMI JOIN' || type === 'ANTI JOIN' ? columns : both;
    if (type === 'CROSS JOIN') return { sql: `${left} ${type} ${right.sql}`, columns: kept };
    return {
      sql: `${left} ${type} ${right.sql} ON ${this.#condition(columns, right.columns, around, depth)}`,
      columns: kept,
    };
  }

  #condition(left: readonly ScopeColumn[], right: readonly ScopeColumn[], around: Surroundings, depth: number): string {
    const random = this.#random;
    const both = [...left, ...right];
    const subquery = depth > 0 && random.percent(8) ? this.#subqueries(both, around, 0) : undefined;
    const pairs = left.flatMap(l => right.filter(r => r.type === l.type).map(r => `${l.sql} = ${r.sql}`));
    const any = (): string => randomExpr({ random, columns: both, subquery }, 'bool', 1);
    if (pairs.length === 0 || random.percent(15)) return any();
    const equal = random.several(1, 2, () => random.pick(pairs)).join(' AND ');
    return random.percent(30) ? `${equal} AND ${any()}` : equal;
  }

  #relation(around: Surroundings, depth: number): Relation {
    const random = this.#random;
    const alias = this.#alias();
    if (around.ctes.length > 0 && random.percent(40)) {
      const { name, types } = random.pick(around.ctes);
      return { sql: `${name} AS ${alias}`, columns: scopeOf(alias, types) };
    }
    if (depth > 0 && random.percent(18)) {
      const types = random.several(1, 3, () => some(random));
      const order = random.percent(25) ? ` ${this.#orderBy(types.length)}${this.#limit()}` : '';
      const inside = this.#body(types, { ...around, outer: [] }, depth - 1);
      return { sql: `(${inside}${order}) AS ${alias}(${columnNames(types)})`, columns: scopeOf(alias, types) };
    }
    if (random.percent(6)) {
      const types = random.several(1, 3, () => some(random));
      const rows = random.several(1, 3, () => `(${types.map(t => typed(random, t)).join(', ')})`);
      return { sql: `(VALUES ${rows.join(', ')}) AS ${alias}(${columnNames(types)})`, columns: scopeOf(alias, types) };
    }
    const table = random.pick(this.#tables);
    const columns = table.columns.map(c => ({ sql: `${alias}.${c.name}`, type: c.type }));
    return { sql: `${table.name} AS ${alias}`, columns };
  }

  #alias(): string {
    return `r${this.#aliases++}`;
  }
}

/** A constant that has its type also where it is NULL. */
const typed = (random: Random, type: Type): string => {
  const value = randomLiteral(random, type);
  return value === 'NULL' ? typed(random, type) : value;
};

const named = (items: readonly string[]): string => items.map((item, i) => `${item} AS o${i}`).join(', ');
const columnNames = (types: readonly Type[]): string => types.map((_, i) => `o${i}`).join(', ');
const scopeOf = (alias: string, types: readonly Type[]): readonly ScopeColumn[] =>
  types.map((type, i) => ({ sql: `${alias}.o${i}`, type }));
