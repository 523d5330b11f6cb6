import {
  type Any,
  asc,
  count,
  cumeDist,
  type Database,
  type DataFrame,
  denseRank,
  desc,
  lit,
  rank,
  rowNumber,
} from '../../frontends/index.ts';
import type { Choices } from './choices.ts';
import { randomExpr } from './random-expr.ts';
import type { ColumnType, RandomColumn, RandomTable } from './random-tables.ts';

/** A frame, what its columns are, and whether its rows come in an order that the query fixes. */
export type RandomFrame = {
  readonly frame: DataFrame<Any>;
  readonly columns: readonly RandomColumn[];
  readonly ordered: boolean;
};

/** Random builder chains over tables. Untyped on purpose: the static types are tested elsewhere. */
export class FrameMaker {
  readonly #db: Database<Any>;
  readonly #tables: readonly RandomTable[];
  readonly #choices: Choices;
  #names = 0;

  constructor(db: Database<Any>, tables: readonly RandomTable[], choices: Choices) {
    this.#db = db;
    this.#tables = tables;
    this.#choices = choices;
  }

  /** A table and up to `steps` verbs after it. */
  make(steps: number): RandomFrame {
    const table = this.#choices.pick(this.#tables);
    let made: RandomFrame = {
      frame: this.#db.table(table.name as never) as unknown as DataFrame<Any>,
      columns: table.columns,
      ordered: false,
    };
    for (let left = this.#choices.below(steps + 1); left > 0; left--) made = this.#step(made, left);
    return made;
  }

  #step(made: RandomFrame, left: number): RandomFrame {
    switch (this.#choices.below(20)) {
      case 0:
      case 1:
        return this.#filter(made);
      case 2:
        return this.#select(made);
      case 3:
        return this.#withColumns(made);
      case 4:
        return this.#drop(made);
      case 5:
        return this.#rename(made);
      case 6:
      case 7:
        return this.#join(made, left);
      case 8:
        return this.#keepMatching(made, left);
      case 9:
        return this.#groupBy(made);
      case 10:
        return this.#aggregate(made);
      case 11:
        return { ...made, frame: made.frame.distinct(), ordered: false };
      case 12:
        return this.#sort(made);
      case 13:
        return this.#dropNulls(made);
      case 14:
        return this.#distinctOn(made);
      case 15:
        return this.#pivot(made);
      case 16:
        return this.#unpivot(made);
      case 17:
        return this.#explode(made);
      case 18:
        return this.#asofJoin(made, left);
      default:
        return this.#setOperation(made, left);
    }
  }

  #filter({ frame, columns, ordered }: RandomFrame): RandomFrame {
    return { frame: frame.filter((t: Any) => this.#expr(t, columns, 'boolean')), columns, ordered };
  }

  #select({ frame, columns, ordered }: RandomFrame): RandomFrame {
    const kept = this.#choices.some(columns);
    const added = this.#newColumns(columns);
    return {
      frame: frame.select(...kept.map(c => c.name), (t: Any) => this.#exprs(t, columns, added)),
      columns: [...kept, ...added],
      ordered,
    };
  }

  #withColumns({ frame, columns, ordered }: RandomFrame): RandomFrame {
    if (this.#choices.once(3)) return this.#window({ frame, columns, ordered });
    const type = this.#choices.pick(MADE);
    const replaced = this.#choices.once(3) ? this.#choices.pick(columns).name : undefined;
    const added = { name: replaced ?? this.#name(), type };
    return {
      frame: frame.withColumns((t: Any) => this.#exprs(t, columns, [added])),
      columns: replaced === undefined ? [...columns, added] : columns.map(c => (c.name === replaced ? added : c)),
      ordered,
    };
  }

  /** A function over a window whose order tells all rows apart that differ. */
  #window({ frame, columns }: RandomFrame): RandomFrame {
    const column = this.#choices.pick(columns);
    const fns = ['count', 'min', 'max', 'countDistinct', 'first', 'last', 'lag', 'lead'];
    const fn = this.#choices.pick([...fns, ...(isSummable(column.type) ? ['sum', 'avg'] : []), ...RANKS]);
    const type = AGGREGATE_TYPES[fn] ?? (fn === 'sum' ? SUM_TYPES[column.type]! : column.type);
    const ranking = RANKING[fn as keyof typeof RANKING] as ColumnType | undefined;
    const added = { name: this.#name(), type: ranking ?? type };
    const value = (t: Any): Any => {
      if (ranking !== undefined) return RANKING_CALLS[fn as keyof typeof RANKING]();
      return fn === 'lag' || fn === 'lead' ? t[column.name][fn](this.#choices.below(3)) : t[column.name][fn]();
    };
    const first = this.#choices.below(columns.length);
    const order = [...columns.slice(first), ...columns.slice(0, first)];
    const partition = this.#choices.once(2) ? this.#choices.some(columns) : [];
    const frames = [{}, {}, { rows: [-2, 1] }, { rows: [null, 0] }, { rows: [0, null] }, { rows: [1, 3] }];
    const rows = this.#choices.pick(frames);
    const over = (t: Any): Any => ({
      partitionBy: partition.map(c => t[c.name]),
      orderBy: order.map(c => (this.#choices.once(2) ? t[c.name].desc() : t[c.name].asc({ nulls: 'first' }))),
      ...rows,
    });
    return {
      frame: frame.withColumns((t: Any) => ({ [added.name]: value(t).over(over(t)) })),
      columns: [...columns, added],
      ordered: false,
    };
  }

  #drop(made: RandomFrame): RandomFrame {
    const { frame, columns, ordered } = made;
    if (columns.length < 2) return made;
    const { name } = this.#choices.pick(columns);
    return { frame: frame.drop(name), columns: columns.filter(c => c.name !== name), ordered };
  }

  #rename({ frame, columns, ordered }: RandomFrame): RandomFrame {
    const from = this.#choices.pick(columns).name;
    const to = this.#name();
    return {
      frame: frame.rename({ [from]: to } as never),
      columns: columns.map(c => (c.name === from ? { ...c, name: to } : c)),
      ordered,
    };
  }

  #join(left: RandomFrame, steps: number): RandomFrame {
    const right = this.#apart(left, this.make(Math.min(steps - 1, 3)));
    const suffixed = right.columns.map(c => (has(left, c.name) ? { ...c, name: `${c.name}_right` } : c));
    const verb = this.#choices.pick(['join', 'leftJoin', 'rightJoin', 'fullJoin', 'crossJoin'] as const);
    if (verb === 'crossJoin') {
      return { frame: left.frame.crossJoin(right.frame), columns: [...left.columns, ...suffixed], ordered: false };
    }
    const { on, shared } = this.#condition(left, right);
    const columns = suffixed.filter((_, i) => !shared.includes(right.columns[i]!.name));
    return { frame: left.frame[verb](right.frame, on), columns: [...left.columns, ...columns], ordered: false };
  }

  /** Semi and anti joins, IN and NOT IN of another frame's column. */
  #keepMatching(left: RandomFrame, steps: number): RandomFrame {
    const right = this.make(Math.min(steps - 1, 3));
    const { frame, columns } = left;
    const pair = this.#pair(left, right);
    const way = this.#choices.below(4);
    if (pair !== undefined && way > 1) {
      const column = right.frame.column(pair[1]);
      const member = (t: Any) => (way === 2 ? t[pair[0]].in(column) : t[pair[0]].notIn(column));
      return { frame: frame.filter(member), columns, ordered: false };
    }
    const { on } = this.#condition(left, right);
    const kept = way % 2 === 0 ? frame.semiJoin(right.frame, on) : frame.antiJoin(right.frame, on);
    return { frame: kept, columns, ordered: false };
  }

  #groupBy({ frame, columns }: RandomFrame): RandomFrame {
    const keys = this.#choices.some(columns);
    const made = this.#choices.once(3) ? this.#newColumns(columns) : [];
    const { added, agg } = this.#aggregates(columns);
    return {
      frame: frame.groupBy(...keys.map(c => c.name), (t: Any) => this.#exprs(t, columns, made)).agg(agg),
      columns: [...keys, ...made, ...added],
      ordered: false,
    };
  }

  #aggregate({ frame, columns }: RandomFrame): RandomFrame {
    const { added, agg } = this.#aggregates(columns);
    return { frame: frame.agg(agg), columns: added, ordered: false };
  }

  /** By all columns, so that the order is the query's; then at times some rows of them. */
  #sort({ frame, columns }: RandomFrame): RandomFrame {
    const first = this.#choices.below(columns.length);
    const keys = [...columns.slice(first), ...columns.slice(0, first)].map(c => {
      const order = this.#choices.once(2) ? desc : asc;
      const nulls = this.#choices.pick([undefined, 'first', 'last'] as const);
      return order(c.name, nulls === undefined ? {} : { nulls });
    });
    const sorted = frame.sort(...keys);
    if (this.#choices.once(2)) return { frame: sorted, columns, ordered: true };
    const limited = sorted.limit(this.#choices.below(8), this.#choices.below(3));
    return { frame: limited, columns, ordered: true };
  }

  #dropNulls({ frame, columns, ordered }: RandomFrame): RandomFrame {
    return { frame: frame.dropNulls(...this.#choices.some(columns).map(c => c.name)), columns, ordered };
  }

  /** The first rows of an order that leaves none open. */
  #distinctOn(made: RandomFrame): RandomFrame {
    const { columns } = made;
    const kept = this.#choices.some(columns).map(c => c.name);
    const frame = made.frame.sort(...columns.map(c => asc(c.name, { nulls: 'last' }))).distinct(...kept);
    return { frame, columns, ordered: false };
  }

  #pivot({ frame, columns }: RandomFrame): RandomFrame {
    const names = Object.keys(PIVOTED) as ColumnType[];
    const on = columns.filter(c => names.includes(c.type));
    if (on.length === 0 || columns.length < 2) return { frame, columns, ordered: false };
    const pivoted = this.#choices.pick(on);
    const rows = this.#choices.some(columns.filter(c => c !== pivoted));
    const value = this.#choices.pick(columns);
    const values = this.#choices.some(PIVOTED[pivoted.type]!);
    const fn = this.#choices.pick(['count', 'min', 'max']);
    const wide = frame.pivot({
      rows: rows.map(c => c.name),
      on: pivoted.name,
      in: values,
      values: (t: Any) => t[value.name][fn](),
    });
    const apart = values.map(v => [String(v), this.#name()] as const);
    return {
      frame: wide.rename(Object.fromEntries(apart) as never),
      columns: [
        ...rows,
        ...apart.map(([, name]) => ({ name, type: fn === 'count' ? ('int64' as const) : value.type })),
      ],
      ordered: false,
    };
  }

  #unpivot({ frame, columns }: RandomFrame): RandomFrame {
    const { type } = this.#choices.pick(columns);
    const on = this.#choices.some(columns.filter(c => c.type === type));
    const [name, value] = [this.#name(), this.#name()];
    const long = frame.unpivot({ on: on.map(c => c.name), name, value, includeNulls: this.#choices.once(2) });
    const kept = columns.filter(c => !on.includes(c));
    return { frame: long, columns: [...kept, { name, type: 'string' }, { name: value, type }], ordered: false };
  }

  /** A list made of a text, one row for each of its items. */
  #explode({ frame, columns }: RandomFrame): RandomFrame {
    const added = { name: this.#name(), type: 'string' as const };
    const list = (t: Any): Any => this.#expr(t, columns, 'string').split(this.#choices.pick(['a', "'", 'ö']));
    return {
      frame: frame.withColumns((t: Any) => ({ [added.name]: list(t) })).explode(added.name),
      columns: [...columns, added],
      ordered: false,
    };
  }

  /** The right side has one row for each key, so that the nearest is one. */
  #asofJoin(left: RandomFrame, steps: number): RandomFrame {
    const right = this.#apart(left, this.make(Math.min(steps - 1, 3)));
    const isOrdered = (c: RandomColumn): boolean => c.type === 'int32' || c.type === 'int64' || c.type === 'date';
    const pairs = left.columns.flatMap(l =>
      right.columns.filter(r => isOrdered(l) && r.type === l.type).map(r => [l, r]),
    );
    if (pairs.length === 0) return { ...left, ordered: false };
    const [l, r] = this.#choices.pick(pairs) as [RandomColumn, RandomColumn];
    const by = this.#choices.once(2) ? this.#pair(left, right) : undefined;
    const hasBy = by !== undefined && by[0] !== l.name && by[1] !== r.name;
    const keys = [r.name, ...(hasBy ? [by[1]] : [])];
    const values = right.columns.filter(c => !keys.includes(c.name));
    const once = right.frame
      .groupBy(...keys)
      .agg((t: Any) => Object.fromEntries(values.map(c => [c.name, t[c.name].max()])) as Any);
    const direction = this.#choices.pick(['backward', 'forward', 'nearest'] as const);
    const within = this.#choices.once(2) ? { tolerance: l.type === 'date' ? { days: 400 } : 3 } : {};
    const frame = left.frame.asofJoin(once, {
      on: { [l.name]: r.name },
      ...(hasBy ? { by: { [by[0]]: by[1] } } : {}),
      direction,
      ...within,
    } as never);
    const order = [...keys.map(k => right.columns.find(c => c.name === k)!), ...values];
    const shown = order.map(c => (has(left, c.name) ? { ...c, name: `${c.name}_right` } : c));
    return { frame, columns: [...left.columns, ...shown], ordered: false };
  }

  #setOperation(left: RandomFrame, steps: number): RandomFrame {
    const { columns } = left;
    const other = this.make(Math.min(steps - 1, 3));
    // The other side gets the same columns: of its own where types meet, else NULL.
    const right = other.frame.select((t: Any) =>
      Object.fromEntries(
        columns.map(c => {
          const own = other.columns.find(o => o.type === c.type);
          return [c.name, own === undefined ? (lit(null) as Any).cast(TAGS[c.type]) : t[own.name]];
        }),
      ),
    );
    const verb = this.#choices.pick(['unionAll', 'union', 'intersect', 'except'] as const);
    return { frame: left.frame[verb](right), columns, ordered: false };
  }

  #condition(left: RandomFrame, right: RandomFrame): { on: Any; shared: readonly string[] } {
    const shared = left.columns.filter(c => right.columns.some(r => r.name === c.name && r.type === c.type));
    const way = this.#choices.below(4);
    if (shared.length > 0 && way === 0) {
      const names = this.#choices.some(shared).map(c => c.name);
      return { on: names, shared: names };
    }
    const pair = this.#pair(left, right);
    if (pair !== undefined && way < 2) {
      // A pair of equal names is one column of the output, like a shared name.
      return { on: { [pair[0]]: pair[1] }, shared: pair[0] === pair[1] ? [pair[0]] : [] };
    }
    const on = (l: Any, r: Any): Any => {
      const rest = (): Any =>
        this.#choices.once(2) ? this.#expr(l, left.columns, 'boolean') : this.#expr(r, right.columns, 'boolean');
      if (pair === undefined) return rest();
      const [a, b] = [l[pair[0]], r[pair[1]]];
      const compared = [() => a.eq(b), () => a.lte(b), () => a.isNotDistinctFrom(b), () => a.eq(b).and(rest())];
      return this.#choices.pick(compared)();
    };
    return { on, shared: [] };
  }

  /** Columns of both sides that compare. */
  #pair(left: RandomFrame, right: RandomFrame): readonly [string, string] | undefined {
    const l = this.#choices.pick(left.columns);
    const r = right.columns.find(c => c.type === l.type || (isInteger(c.type) && isInteger(l.type)));
    return r === undefined ? undefined : [l.name, r.name];
  }

  /** The right side, renamed where a suffix would not keep its names apart from the left's. */
  #apart(left: RandomFrame, right: RandomFrame): RandomFrame {
    const taken = (name: string): boolean => has(left, name) || has(right, name);
    const clashing = right.columns.filter(
      c => (has(left, c.name) && taken(`${c.name}_right`)) || c.name.endsWith('_right'),
    );
    if (clashing.length === 0) return right;
    const names = new Map(clashing.map(c => [c.name, this.#name()]));
    return {
      ...right,
      frame: right.frame.rename(Object.fromEntries(names) as never),
      columns: right.columns.map(c => ({ ...c, name: names.get(c.name) ?? c.name })),
    };
  }

  #aggregates(columns: readonly RandomColumn[]): { added: readonly RandomColumn[]; agg: (t: Any) => Any } {
    const calls = Array.from({ length: 1 + this.#choices.below(3) }, () => {
      const column = this.#choices.pick(columns);
      const fns = ['count', 'countDistinct', 'min', 'max', ...(isSummable(column.type) ? ['sum', 'avg'] : [])];
      const fn = this.#choices.pick(fns);
      const filtered = this.#choices.once(4);
      const type = AGGREGATE_TYPES[fn] ?? (fn === 'sum' ? SUM_TYPES[column.type]! : column.type);
      return { name: this.#name(), column, fn, filtered, type };
    });
    const n = this.#name();
    const agg = (t: Any): Any => {
      const entries = calls.map(({ name, column, fn, filtered }) => {
        const value = t[column.name][fn]();
        return [name, filtered ? value.filterWhere(this.#expr(t, columns, 'boolean')) : value];
      });
      return Object.fromEntries([...entries, [n, count()]]);
    };
    const added = calls.map(({ name, type }) => ({ name, type }));
    return { added: [...added, { name: n, type: 'int64' }], agg };
  }

  #newColumns(columns: readonly RandomColumn[]): readonly RandomColumn[] {
    const types = MADE.filter(type => type === 'boolean' || columns.some(c => c.type === type));
    return [{ name: this.#name(), type: this.#choices.pick(types) }];
  }

  #exprs(t: Any, columns: readonly RandomColumn[], wanted: readonly RandomColumn[]): Record<string, Any> {
    return Object.fromEntries(wanted.map(w => [w.name, this.#expr(t, columns, w.type)]));
  }

  #expr(t: Any, columns: readonly RandomColumn[], type: ColumnType): Any {
    return randomExpr(this.#choices, t, columns, type, 3);
  }

  /** A new name; some need quotes. */
  #name(): string {
    const n = this.#names++;
    return n % 5 === 4 ? `Odd "${n}" name` : n % 7 === 6 ? `select${n}` : `n${n}`;
  }
}

const MADE = ['boolean', 'int32', 'string', 'decimal', 'double', 'date'] as const;
const TAGS: Readonly<Record<ColumnType, string>> = {
  int32: 'int32',
  int64: 'int64',
  decimal: 'decimal(9,2)',
  double: 'float64',
  average: 'float64',
  string: 'string',
  date: 'date',
  boolean: 'boolean',
};
const AGGREGATE_TYPES: Readonly<Record<string, ColumnType>> = {
  count: 'int64',
  countDistinct: 'int64',
  avg: 'average',
};
/** Sums of integers are wider than any type here: they are not summed again. */
const SUM_TYPES: Readonly<Partial<Record<ColumnType, ColumnType>>> = {
  int32: 'average',
  int64: 'average',
  decimal: 'average',
  double: 'average',
};

/** Values of the columns that become columns. */
const PIVOTED: Readonly<Partial<Record<ColumnType, readonly (string | number)[]>>> = {
  int32: [0, 1, 2, 100],
  int64: [1, 5],
  string: ['a', 'ab', "it's"],
};

const RANKING = { rowNumber: 'int64', rank: 'int64', denseRank: 'int64', cumeDist: 'average' } as const;
const RANKING_CALLS = { rowNumber, rank, denseRank, cumeDist };
const RANKS = Object.keys(RANKING);

const has = ({ columns }: RandomFrame, name: string): boolean => columns.some(c => c.name === name);
const isInteger = (type: ColumnType): boolean => type === 'int32' || type === 'int64';
const isSummable = (type: ColumnType): boolean => SUM_TYPES[type] !== undefined;
