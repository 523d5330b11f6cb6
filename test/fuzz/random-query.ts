import type { Random } from './random.ts';
import { groupByText, randomAggregate } from './random-aggregate.ts';
import { type ExprContext, randomExpr, type ScopeColumn } from './random-expr.ts';
import {
  aggregateQuery,
  type Common,
  columnNames,
  type Inside,
  type Relation,
  randomFrom,
  recursiveCommon,
  type Surroundings,
} from './random-relation.ts';
import type { RandomTable } from './random-table.ts';
import { randomWindow } from './random-window.ts';
import { randomType, type Type } from './types.ts';

export type RandomQuery = {
  readonly sql: string;
  /** ORDER BY covers all columns, so that rows come in one order only. */
  readonly ordered: boolean;
};

/** Makes queries over given tables: each call another one. */
export class QueryMaker {
  readonly #random: Random;
  readonly #inside: Inside;
  #aliases = 0;
  /** Half of the queries seldom have conditions: an answer without rows shows few mistakes. */
  #keepsRows = false;

  /** @param single queries read one table, once: for big ones */
  constructor(random: Random, tables: readonly RandomTable[], single = false) {
    this.#random = random;
    this.#inside = {
      random,
      tables,
      single,
      made: [],
      loses: percent => random.percent(this.#keepsRows ? percent / 4 : percent),
      alias: () => `r${this.#aliases++}`,
      body: (types, around, depth) => this.#body(types, around, depth),
      orderBy: count => this.#orderBy(count),
      limit: () => this.#limit(),
      subqueries: (visible, around, depth) => this.#subqueries(visible, around, depth),
    };
  }

  query(): RandomQuery {
    const random = this.#random;
    this.#aliases = 0;
    this.#inside.made.length = 0;
    this.#keepsRows = random.percent(50);
    const ctes: Common[] = [];
    const recursive = !this.#inside.single && random.percent(5);
    const first = recursive ? [this.#recursive(ctes)] : [];
    const defined =
      recursive || (!this.#inside.single && random.percent(20))
        ? [...first, ...random.several(recursive ? 0 : 1, 2, () => this.#common(ctes, recursive))]
        : [];
    const types = random.several(1, 4, () => randomType(random));
    const body = this.#body(types, { outer: [], ctes }, this.#inside.single ? 0 : 2 + random.below(2));
    const ordered = random.percent(50);
    const limit = ordered && random.percent(40) ? this.#limit() : '';
    const sql = ordered ? `${body} ${this.#orderBy(types.length)}${limit}` : wrapped(random, body, types.length);
    return {
      sql: defined.length > 0 ? `WITH ${recursive ? 'RECURSIVE ' : ''}${defined.join(', ')} ${sql}` : sql,
      ordered,
    };
  }

  /** A query of single expressions over a table, which may fail. */
  expressions(table: RandomTable): RandomQuery {
    const random = this.#random;
    const columns = table.columns.map(c => ({ sql: `t.${c.name}`, type: c.type }));
    const here = FAILING_TYPES.filter(type => columns.slice(2).some(c => c.type === type));
    const type = random.pick(here.length > 0 && random.percent(70) ? here : FAILING_TYPES);
    const make = (of: Type, depth: number): string => randomExpr({ random, columns, failing: true }, of, depth);
    const isSum = (type === 'int' || type === 'decimal') && random.percent(15);
    const sql = isSum
      ? `${random.pick(['sum(', 'sum(', 'min(', 'max(', 'count(', 'sum(DISTINCT '])}${make(type, random.below(2))})`
      : make(type, 1 + random.below(2));
    return { sql: `SELECT ${sql} AS o0 FROM ${table.name} AS t`, ordered: false };
  }

  /**
   * A CTE; those after it may read it. Of a union of WITH RECURSIVE that does not read itself DuckDB takes the first side's
   * types all the same, so there unions stand below.
   */
  #common(ctes: Common[], besideRecursive: boolean): string {
    const types = this.#random.several(1, 3, () => randomType(this.#random));
    const name = `w${ctes.length}`;
    const body = this.#body(types, { outer: [], ctes: [...ctes] }, 1);
    const sql = besideRecursive ? `SELECT * FROM (${body}) AS b` : body;
    ctes.push({ name, types });
    const kept = this.#random.pick(['', '', 'MATERIALIZED ', 'NOT MATERIALIZED ']);
    return `${name}(${columnNames(types)}) AS ${kept}(${sql})`;
  }

  #recursive(ctes: Common[]): string {
    const { sql, common } = recursiveCommon(this.#inside, `w${ctes.length}`);
    ctes.push(common);
    return sql;
  }

  #orderBy(count: number): string {
    if (this.#random.percent(8)) return `ORDER BY ALL${this.#random.pick(['', ' DESC', ' NULLS FIRST'])}`;
    const key = (i: number): string =>
      `${i + 1}${this.#random.pick(['', ' DESC'])}${this.#random.pick(['', ' NULLS FIRST', ' NULLS LAST'])}`;
    return `ORDER BY ${Array.from({ length: count }, (_, i) => key(i)).join(', ')}`;
  }

  #limit(): string {
    const random = this.#random;
    const count = random.below(6);
    if (random.percent(10)) return ` LIMIT ${random.pick([0, 10, 37.5, 50, 100])}%`;
    if (random.percent(10)) return ` OFFSET ${random.below(4)} ROWS FETCH FIRST ${count} ROWS ONLY`;
    return ` LIMIT ${count}${random.percent(30) ? ` OFFSET ${random.below(4)}` : ''}`;
  }

  /** A SELECT or set operation whose columns have the given types. */
  #body(types: readonly Type[], around: Surroundings, depth: number): string {
    const random = this.#random;
    if (depth > 0 && random.percent(14)) {
      const op = random.pick(SET_OPERATIONS);
      const side = (of = types): string => this.#body(of, around, depth - 1);
      if (!op.includes('BY NAME')) return `(${side()}) ${op} (${side()})`;
      const turned = `SELECT ${columnNames(types)} FROM (${side(types.toReversed())}) AS b(${types.map((_, i) => `o${types.length - 1 - i}`).join(', ')})`;
      return `(${side()}) ${op} (${random.percent(50) ? turned : side()})`;
    }
    return this.#select(types, around, depth);
  }

  #select(types: readonly Type[], around: Surroundings, depth: number): string {
    const random = this.#random;
    const from = randomFrom(this.#inside, around, depth);
    const visible = [...from.columns, ...around.outer];
    const subquery = depth > 0 ? this.#subqueries(visible, around, depth - 1) : undefined;
    const ctx: ExprContext = { random, columns: visible, subquery };
    const misses = from.sql.includes('LEFT JOIN') && from.columns.length > 0 && random.percent(15);
    const missing = misses ? `${random.pick(from.columns).sql} IS NULL AND ` : '';
    const where = misses || this.#inside.loses(55) ? ` WHERE ${missing}${randomExpr(ctx, 'bool', 2)}` : '';
    if (random.percent(38)) return this.#grouped(types, ctx, from, around, `${from.sql}${where}`);
    const { unique } = from;
    const named: string[] = [];
    const windows = { ...ctx, unique, named };
    const item = (type: Type): string => {
      if (random.percent(12)) return randomWindow(windows, type);
      if ((type === 'int' || type === 'text') && random.percent(2))
        return `unnest(${randomExpr({ random, columns: visible }, type === 'int' ? 'ints' : 'texts', 1)})`;
      return randomExpr(ctx, type, 1 + random.below(2));
    };
    const items = types.map(item);
    const qualify = this.#inside.loses(5)
      ? ` QUALIFY ${randomWindow(windows, 'int')} ${random.pick(['<= 2', '> 1', '= 1'])}`
      : '';
    const window = named.length > 0 ? ` WINDOW ${named.join(', ')}` : '';
    const rest = `${from.sql}${where}${window}${qualify}`;
    if (unique !== undefined && qualify === '' && random.percent(4) && !items.some(i => i.includes('unnest('))) {
      const on = from.columns.length > 0 ? random.pick(from.columns).sql : '1';
      const order = unique.map(u => `${u}${random.pick(['', ' DESC'])}`).join(', ');
      return `(SELECT DISTINCT ON (${on}) ${itemList(items)}${rest} ORDER BY ${on}, ${order})`;
    }
    const distinct = random.percent(15) ? 'DISTINCT ' : '';
    return `SELECT ${distinct}${itemList(items)}${rest}`;
  }

  #grouped(types: readonly Type[], ctx: ExprContext, from: Relation, { outer }: Surroundings, rest: string): string {
    const { random } = ctx;
    const own = from.columns;
    const below: ExprContext = { random, columns: own, subquery: ctx.subquery };
    const plain: ExprContext = { random, columns: own };
    const keys = random
      .several(0, 2, (): ScopeColumn => {
        const type = randomType(random);
        const column = own.filter(c => c.type === type);
        const sql = column.length > 0 && random.percent(70) ? random.pick(column).sql : randomExpr(plain, type, 1);
        return { sql, type };
      })
      .filter(k => own.some(c => k.sql.includes(c.sql)) && !/ (?:ANY|ALL)\(/.test(k.sql))
      // Which of two equal keys a column of a grouping set means, DuckDB decides by the text.
      .filter((k, i, all) => all.findIndex(other => other.sql === k.sql) === i);
    const group = keys.length === 0 ? undefined : groupByText(random, keys);
    const aggregates = random.several(1, 4, () => randomAggregate(below, randomType(random), from.unique));
    if (group?.sets === true) aggregates.push({ sql: `GROUPING(${keys.map(k => k.sql).join(', ')})`, type: 'int' });
    const groups: ExprContext = {
      random,
      columns: [...keys, ...aggregates, ...outer],
      subquery: random.percent(30) ? ctx.subquery && this.#subqueries(outer, { outer, ctes: [] }, 0) : undefined,
    };
    const item = (type: Type): string => {
      const ready = groups.columns.filter(c => c.type === type);
      if (ready.length > 0 && random.percent(60)) return random.pick(ready).sql;
      if (random.percent(4))
        return randomWindow({ random, columns: [...keys, ...aggregates], unique: undefined }, type);
      return random.percent(50) ? randomAggregate(below, type, from.unique).sql : randomExpr(groups, type, 1);
    };
    const items = types.map(item);
    const plainItems = !items.some(i => i.includes(' OVER '));
    const all =
      group !== undefined && !group.sets && random.percent(8) && plainItems && keys.every(k => items.includes(k.sql));
    const groupBy = group === undefined ? '' : ` GROUP BY ${all ? 'ALL' : group.text}`;
    const having = this.#inside.loses(25) ? ` HAVING ${randomExpr(groups, 'bool', 1)}` : '';
    return `SELECT ${itemList(items)}${rest}${groupBy}${having}`;
  }

  #subqueries(visible: readonly ScopeColumn[], around: Surroundings, depth: number) {
    const random = this.#random;
    return (type: Type, oneRow: boolean): string => {
      const inside = { ...around, outer: random.percent(60) ? visible : [] };
      if (!oneRow) return this.#body([type], inside, depth);
      if (random.percent(50)) return aggregateQuery(this.#inside, type, inside);
      return `${this.#body([type], inside, depth > 0 && random.percent(20) ? depth : 0)} ${this.#orderBy(1)} LIMIT 1`;
    };
  }
}

const SET_OPERATIONS = [
  'UNION',
  'UNION ALL',
  'INTERSECT',
  'EXCEPT',
  'INTERSECT ALL',
  'EXCEPT ALL',
  'UNION BY NAME',
  'UNION ALL BY NAME',
];
const FAILING_TYPES: readonly Type[] = [
  'int',
  'int',
  'int',
  'double',
  'decimal',
  'decimal',
  'date',
  'timestamp',
  'text',
  'bool',
  'interval',
];

/** The query below a star or another form of SELECT that lets all or some of its columns through. */
function wrapped(random: Random, body: string, columns: number): string {
  if (!random.percent(15)) return body;
  const last = `o${columns - 1}`;
  const forms = [
    'SELECT * FROM ($)',
    'FROM ($)',
    'SELECT b.* FROM ($) AS b',
    "SELECT COLUMNS('o[0-9]') FROM ($)",
    'FROM ($) SELECT *',
    'SELECT count(*) FROM ($)',
    // How many rows a limit leaves is determined, if not which.
    ...[0, 1].map(() => `SELECT count(*) FROM (($) LIMIT ${random.below(12)} OFFSET ${random.below(6)})`),
    `SELECT count(*) FROM (($) UNION ALL (SELECT * FROM ($) LIMIT ${random.below(3)}) LIMIT ${1 + random.below(4)} OFFSET ${1 + random.below(3)})`,
    `SELECT * REPLACE (${last} IS NULL AS ${last}) FROM ($)`,
    `SELECT * RENAME (${last} AS x) FROM ($)`,
  ];
  if (columns > 1) forms.push(`SELECT * EXCLUDE (${last}) FROM ($)`);
  return random.pick(forms).replaceAll('$', () => body);
}

const itemList = (items: readonly string[]): string => items.map((item, i) => `${item} AS o${i}`).join(', ');
