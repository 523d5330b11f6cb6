import type { FunctionFinder } from '../../src/optimize/effects.ts';
import type { Rule } from '../../src/optimize/rule.ts';
import { runSteps } from '../../src/optimize/run-steps.ts';
import { outputOf } from '../../src/plan/columns.ts';
import { allOf, conjunctsOf } from '../../src/plan/conjuncts.ts';
import { type BoundExpr, type ColumnId, type ColumnRef, type LiteralExpr, typeOf } from '../../src/plan/expr.ts';
import { columnRef } from '../../src/plan/literals.ts';
import type {
  Column,
  ColumnStatistics,
  JoinPlan,
  LogicalPlan,
  PlanOf,
  ProjectColumn,
  ScanPlan,
} from '../../src/plan/logical-plan.ts';
import { BOOLEAN, DATE, type DataType, FLOAT64, INT32, INT64, sameType, UTF8 } from '../../src/types/data-type.ts';
import type { JoinType } from '../../src/types/join-type.ts';
import type { ScalarValue } from '../../src/types/scalar.ts';

/** Builds plans by hand for tests: every column gets the next id. */
export class PlanBuilder {
  #next = 0;

  column(name: string, type: DataType, nullable = true): Column {
    return { id: this.#next++ as ColumnId, name, type, nullable };
  }

  /** A scan and its columns by name: `const t = b.scan('t', { k: INT32 }, 100, { k: { distinct: 10 } })`. */
  scan<C extends Readonly<Record<string, DataType>>>(
    label: string,
    types: C,
    rows?: number,
    statistics: { readonly [N in keyof C]?: ColumnStatistics } = {},
    nullable = true,
  ): { readonly plan: ScanPlan } & { readonly [N in keyof C]: ColumnRef } {
    const fields = Object.entries(types).map(([name, type]) => ({ name, type, nullable }));
    const columns = fields.map((f, index) => ({ column: this.column(f.name, f.type, nullable), index }));
    const known = fields.flatMap((f, i) =>
      statistics[f.name] === undefined ? [] : [[i, statistics[f.name]!] as const],
    );
    const source = {
      fn: 'test_scan',
      label,
      schema: fields,
      statistics: { rows, columns: Object.fromEntries(known) },
      splits: [],
      state: null,
    };
    const refs = Object.fromEntries(columns.map(c => [c.column.name, columnRef(c.column)])) as {
      [N in keyof C]: ColumnRef;
    };
    const plan: ScanPlan = { kind: 'scan', source, columns, filters: [] };
    return { ...refs, plan } as { readonly plan: ScanPlan } & { readonly [N in keyof C]: ColumnRef };
  }

  /** A projection; a plain column keeps its id unless it is given another name. */
  project(input: LogicalPlan, exprs: Readonly<Record<string, BoundExpr>>): PlanOf<'project'> & Named {
    const columns = Object.entries(exprs).map(([name, expr]) => {
      const same = expr.kind === 'column' ? outputOf(input).find(c => c.id === expr.id && c.name === name) : undefined;
      return { column: same ?? this.column(name, typeOf(expr)), expr };
    });
    return named({ kind: 'project', input, columns }, columns);
  }

  aggregate(
    input: LogicalPlan,
    keys: Readonly<Record<string, BoundExpr>>,
    aggregates: Readonly<Record<string, readonly [fn: string, ...args: BoundExpr[]]>> = {},
  ): PlanOf<'aggregate'> & Named {
    const keyColumns = Object.entries(keys).map(([name, expr]) => ({ column: this.column(name, typeOf(expr)), expr }));
    const calls = Object.entries(aggregates).map(([name, [fn, ...args]]) => {
      const type = fn === 'count' ? INT64 : typeOf(args[0]!);
      const aggregate = { fn, overload: 'test', args, distinct: false, type, nullable: fn !== 'count' };
      return { column: this.column(name, type), aggregate };
    });
    const plan = { kind: 'aggregate', input, keys: keyColumns, aggregates: calls } as const;
    return named(plan, [...keyColumns, ...calls]);
  }

  markJoin(
    left: LogicalPlan,
    right: LogicalPlan,
    condition: BoundExpr,
    nullable = true,
  ): PlanOf<'join'> & { readonly ref: ColumnRef } {
    const mark = this.column('mark', BOOLEAN, nullable);
    return { ...join('mark', left, right, condition), mark, ref: columnRef(mark) };
  }

  unnest(
    input: LogicalPlan,
    lists: Readonly<Record<string, BoundExpr>>,
    { keepsEmpty = false, ordinality = false } = {},
  ): PlanOf<'unnest'> & Named {
    const columns = Object.entries(lists).map(([name, expr]) => {
      const type = typeOf(expr);
      return { column: this.column(name, type.kind === 'list' ? type.element : type), expr };
    });
    const number = ordinality ? this.column('ordinality', INT64, false) : undefined;
    const plan = { kind: 'unnest', input, lists: columns, keepsEmpty, ordinality: number } as const;
    return named(plan, [...columns, ...(number === undefined ? [] : [{ column: number }])]);
  }

  union(left: LogicalPlan, right: LogicalPlan, all = true): PlanOf<'set-op'> {
    const columns = outputOf(left).map(c => this.column(c.name, c.type));
    return { kind: 'set-op', op: 'union', all, left, right, columns };
  }
}

type Named = { readonly [name: string]: unknown; readonly refs: Readonly<Record<string, ColumnRef>> };

/** The plan with references to its columns by name, which are no part of the plan's data. */
function named<P extends LogicalPlan>(plan: P, columns: readonly { readonly column: Column }[]): P & Named {
  const refs = Object.fromEntries(columns.map(({ column }) => [column.name, columnRef(column)]));
  return Object.defineProperty(plan, 'refs', { value: refs, enumerable: false }) as P & Named;
}

export const int = (value: number): LiteralExpr => ({ kind: 'literal', value: { type: INT32, value } });
export const text = (value: string): LiteralExpr => ({ kind: 'literal', value: { type: UTF8, value } });
export const date = (iso: string): LiteralExpr => literal(DATE, Date.parse(`${iso}T00:00:00Z`) / 86_400_000);
export const literal = (type: DataType, value: ScalarValue): LiteralExpr => ({
  kind: 'literal',
  value: { type, value },
});

export const call = (fn: string, args: readonly BoundExpr[], type: DataType): BoundExpr => ({
  kind: 'call',
  fn,
  overload: 'test',
  args,
  type,
});
const operator =
  (fn: string) =>
  (a: BoundExpr, b: BoundExpr): BoundExpr =>
    call(fn, [a, b], BOOLEAN);
export const eq = operator('=');
export const ne = operator('<>');
export const lt = operator('<');
export const le = operator('<=');
export const gt = operator('>');
export const ge = operator('>=');
export const like = operator('like');
export const not = (a: BoundExpr): BoundExpr => call('not', [a], BOOLEAN);
export const isNull = (a: BoundExpr): BoundExpr => call('is null', [a], BOOLEAN);
/** A call that fails for some values. */
export const divide = (a: BoundExpr, b: BoundExpr): BoundExpr => call('fails', [a, b], FLOAT64);
export const random = (): BoundExpr => call('random', [], FLOAT64);
export const and = (...args: BoundExpr[]): BoundExpr => ({ kind: 'and', args });
export const or = (...args: BoundExpr[]): BoundExpr => ({ kind: 'or', args });
export const cast = (input: BoundExpr, type: DataType): BoundExpr => ({ kind: 'cast', input, type, try: false });

export const filter = (input: LogicalPlan, ...conditions: BoundExpr[]): PlanOf<'filter'> => ({
  kind: 'filter',
  input,
  predicate: allOf(conditions)!,
});
export const join = (type: JoinType, left: LogicalPlan, right: LogicalPlan, ...conditions: BoundExpr[]): JoinPlan => ({
  kind: 'join',
  type,
  left,
  right,
  condition: allOf(conditions),
});
export const sort = (input: LogicalPlan, ...exprs: BoundExpr[]): PlanOf<'sort'> => ({
  kind: 'sort',
  input,
  keys: exprs.map(expr => ({ expr, descending: false, nullsFirst: false })),
});
export const limit = (input: LogicalPlan, count: number | undefined, offset = 0): PlanOf<'limit'> => ({
  kind: 'limit',
  input,
  count,
  offset,
});

/** Runs rules alone, in turns until nothing changes, and shows the plan. `needed`: the query's output (default: all columns). */
export function afterRules(
  plan: LogicalPlan,
  rules: readonly Rule[],
  needed: readonly ColumnRef[] = refsOf(plan),
): string {
  const ids = new Set(needed.map(c => c.id));
  const output = outputOf(plan).filter(c => ids.has(c.id));
  return showPlan(
    runSteps({ plan, output }, { steps: [{ name: 'test', rules }], functions: testFunctions, strict: true }).plan,
  );
}

const refsOf = (plan: LogicalPlan): readonly ColumnRef[] => outputOf(plan).map(columnRef);

/** A registry of calls that behave as their names say; operators are known without. */
export const testFunctions: FunctionFinder = {
  scalar: name => {
    const overload = {
      key: 'test',
      signature: '',
      fit: (args: readonly DataType[]) => ({ args, returns: BOOLEAN, cost: 0 }),
      nulls: name.includes('distinct') || (name.startsWith('is ') && name.endsWith('null')) ? 'handles' : 'propagate',
      canFail: name === 'fails',
      volatile: name === 'random',
      run: () => {
        throw new Error('tests of plans run nothing');
      },
    } as const;
    return { name, doc: { summary: '', args: [], examples: [], category: 'system' }, overloads: [overload] };
  },
};

/** A plan as indented text, columns by name and id where names repeat. */
export function showPlan(plan: LogicalPlan): string {
  const names = new Map<ColumnId, string>();
  const collect = (p: LogicalPlan): void => {
    for (const input of inputs(p)) collect(input);
    for (const c of outputOf(p)) if (!names.has(c.id)) names.set(c.id, c.name);
  };
  collect(plan);
  const counts = new Map<string, number>();
  for (const name of names.values()) counts.set(name, (counts.get(name) ?? 0) + 1);
  const nameOf = (id: ColumnId): string => {
    const name = names.get(id) ?? '?';
    return (counts.get(name) ?? 0) > 1 || name === '?' ? `${name}#${id}` : name;
  };
  return lines(plan, nameOf).join('\n');
}

type NameOf = (id: ColumnId) => string;

function lines(plan: LogicalPlan, name: NameOf): string[] {
  return [
    describe(plan, name),
    ...inputs(plan)
      .flatMap(i => lines(i, name))
      .map(l => `  ${l}`),
  ];
}

function inputs(plan: LogicalPlan): readonly LogicalPlan[] {
  if ('left' in plan) return [plan.left, plan.right];
  if (plan.kind === 'shared') return [plan.definition, plan.input];
  if (plan.kind === 'recursive') return [plan.anchor, plan.step];
  return 'input' in plan ? [plan.input] : [];
}

function describe(plan: LogicalPlan, name: NameOf): string {
  const expr = (e: BoundExpr): string => showExpr(e, name);
  const list = (exprs: readonly BoundExpr[]): string => `[${exprs.map(expr).join(', ')}]`;
  const projected = (cs: readonly ProjectColumn[]): string =>
    cs
      .map(c => (expr(c.expr) === name(c.column.id) ? expr(c.expr) : `${expr(c.expr)} as ${name(c.column.id)}`))
      .join(', ');
  switch (plan.kind) {
    case 'scan': {
      const parts = [`scan ${plan.source.label} [${plan.columns.map(c => name(c.column.id)).join(', ')}]`];
      if (plan.filters.length > 0) parts.push(`where ${plan.filters.map(expr).join(' and ')}`);
      if (plan.limit !== undefined) parts.push(`limit ${plan.limit}`);
      return parts.join(' ');
    }
    case 'values':
      return `values ${plan.rows.map(list).join(' ')}`;
    case 'empty':
      return 'empty';
    case 'filter':
      return `filter [${conjunctsOf(plan.predicate).map(expr).join(' and ')}]`;
    case 'project':
      return `project [${projected(plan.columns)}]`;
    case 'aggregate': {
      const calls = plan.aggregates.map(
        a => `${a.aggregate.fn}(${a.aggregate.args.map(expr).join(', ')}) as ${name(a.column.id)}`,
      );
      return `aggregate [${projected(plan.keys)}] [${calls.join(', ')}]`;
    }
    case 'join':
      return `join ${plan.type}${plan.mark === undefined ? '' : ` ${name(plan.mark.id)}`} [${conjunctsOf(plan.condition).map(expr).join(' and ')}]`;
    case 'sort':
      return `sort ${list(plan.keys.map(k => k.expr))}`;
    case 'limit':
      return `limit ${plan.count ?? 'all'} offset ${plan.offset}`;
    case 'top-k':
      return `top-k ${plan.count} offset ${plan.offset} ${list(plan.keys.map(k => k.expr))}`;
    case 'distinct-on':
      return `distinct-on ${list(plan.on)}`;
    case 'unnest': {
      const ordinality = plan.ordinality === undefined ? '' : ` ordinality ${name(plan.ordinality.id)}`;
      return `unnest${plan.keepsEmpty ? ' keeping empty' : ''} [${projected(plan.lists)}]${ordinality}`;
    }
    case 'set-op':
      return `${plan.op}${plan.all ? ' all' : ''} [${plan.columns.map(c => name(c.id)).join(', ')}]`;
    case 'recursive':
      return `recursive $${plan.id} [${plan.columns.map(c => name(c.id)).join(', ')}]`;
    case 'shared':
      return `shared $${plan.id}`;
    case 'shared-ref':
      return `shared-ref $${plan.id} [${plan.columns.map(c => name(c.id)).join(', ')}]`;
    default:
      return plan.kind;
  }
}

function showExpr(e: BoundExpr, name: NameOf): string {
  const show = (x: BoundExpr): string => showExpr(x, name);
  switch (e.kind) {
    case 'column':
      return name(e.id);
    case 'literal':
      return e.value.type.kind === 'utf8' ? `'${String(e.value.value)}'` : showLiteral(e);
    case 'call':
      if (/^\w+$/.test(e.fn) && e.fn !== 'not' && e.fn !== 'like') return `${e.fn}(${e.args.map(show).join(', ')})`;
      return e.args.length === 2
        ? `${show(e.args[0]!)} ${e.fn} ${show(e.args[1]!)}`
        : `${e.fn}(${e.args.map(show).join(', ')})`;
    case 'and':
    case 'or':
      return `(${e.args.map(show).join(` ${e.kind} `)})`;
    case 'cast':
      return `cast(${show(e.input)} as ${e.type.kind})`;
    case 'in':
      return `${show(e.input)} ${e.negated ? 'not in' : 'in'} (${e.items.map(i => i.value).join(', ')})`;
    case 'coalesce':
      return `coalesce(${e.args.map(show).join(', ')})`;
    case 'case':
      return `case ${e.branches.map(b => `when ${show(b.when)} then ${show(b.result)}`).join(' ')} else ${show(e.otherwise)} end`;
  }
}

function showLiteral({ value }: LiteralExpr): string {
  if (value.value !== null && sameType(value.type, DATE))
    return new Date(Number(value.value) * 86_400_000).toISOString().slice(0, 10);
  return JSON.stringify(value.value);
}
