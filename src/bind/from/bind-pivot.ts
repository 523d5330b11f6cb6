import type { Expr, NamedType } from '../../query/expr.ts';
import type { PivotQuery, Query, SelectItem, SelectQuery } from '../../query/query.ts';
import { exprsBelow, rewriteExprChildren } from '../../query/walk.ts';
import { UTF8 } from '../../types/data-type.ts';
import { formatRaw } from '../../types/format-raw.ts';
import { scalarToRaw } from '../../types/raw-value.ts';
import type { Scalar } from '../../types/scalar.ts';
import { type Binder, bindError } from '../binder.ts';
import { constantOf } from '../constant-value.ts';
import type { QueryEnv } from '../env.ts';
import { bindType } from '../exprs/bind-type.ts';
import { columnName } from '../exprs/column-name.ts';
import { type Bound, sameName } from '../scope.ts';
import { bindSelect } from '../select/bind-select.ts';
import { bindFromItem } from './bind-table.ts';

type Pivot = PivotQuery & Pick<Query, 'span'>;
type On = PivotQuery['on'][number];
/** A value (or several) of what is pivoted: what it is called, and the condition of its rows. */
type Value = { readonly name: string; readonly condition: Expr };

/** More columns than this are a slip: a key was pivoted. */
const MAX_COLUMNS = 10_000;

/**
 * PIVOT: GROUP BY the columns that it does not name, and for each value (or combination of values) of ON the
 * aggregates of USING over just the rows that have it. Values that the query does not list were looked up before.
 */
export function bindPivot(b: Binder, query: Pivot, env: QueryEnv): Bound {
  const input = bindFromItem(b, query.input, env);
  if (query.on.length === 0) throw bindError('PIVOT needs ON: the columns whose values become columns', query.span);
  const using = query.using.length === 0 ? [{ expr: COUNT, alias: undefined }] : query.using;
  const combinations = query.on
    .map(on => valuesOf(b, on, query))
    .reduce<readonly (readonly Value[])[]>(
      (before, values) => {
        const all = before.flatMap(some => values.map(v => [...some, v]));
        if (all.length * using.length <= MAX_COLUMNS) return all;
        const hint = 'IN (…) lists the values that are wanted';
        throw bindError(`PIVOT would make more than ${MAX_COLUMNS} columns`, query.span, hint);
      },
      [[]],
    );
  const keys = query.groupBy ?? remaining(query, input);
  const items: SelectItem[] = keys.map(expr => ({ expr }));
  for (const values of combinations) {
    const condition = all(values.map(v => v.condition));
    const name = values.map(v => v.name).join('_');
    for (const { expr, alias } of using) {
      const suffix = alias ?? (using.length > 1 ? columnName(expr) : undefined);
      items.push({ expr: filteredBy(b, expr, condition), alias: suffix === undefined ? name : `${name}_${suffix}` });
    }
  }
  if (items.length === 0) throw bindError('PIVOT finds no values that become columns', query.span);
  const select: SelectQuery = {
    kind: 'select',
    from: b.give(input),
    items,
    ...(keys.length === 0
      ? {}
      : { groupBy: { kind: 'elements', elements: keys.map(expr => ({ kind: 'expr', expr }) as const) } }),
  };
  return bindSelect(b, select, env);
}

const COUNT: Expr = { kind: 'call', fn: 'count', args: [] };

const all = (conditions: readonly Expr[]): Expr =>
  conditions.length === 1 ? conditions[0]! : { kind: 'call', fn: 'and', args: conditions };

/** The columns that neither ON nor USING read. */
function remaining(query: Pivot, { scope }: Bound): readonly Expr[] {
  const exprs = [...query.on.flatMap(o => o.exprs), ...query.using.map(u => u.expr)];
  const read = exprs.flatMap(namesIn);
  return scope.columns
    .filter(c => !read.some(name => sameName(name, c.name)))
    .map(c => ({ kind: 'name', path: [c.name] }) as const);
}

const namesIn = (e: Expr): readonly string[] => (e.kind === 'name' ? [e.path.at(-1)!] : exprsBelow(e).flatMap(namesIn));

function valuesOf(b: Binder, on: On, query: Pivot): readonly Value[] {
  const listed = on.in;
  if (listed !== undefined && 'kind' in listed && listed.kind === 'named') return enumValues(b, on, listed);
  if (listed === undefined || 'kind' in listed) {
    const found = b.pivotValues.get(on);
    if (found === undefined) throw bindError('PIVOT without IN (…) cannot stand here', query.span, 'list the values');
    return found.map(row => valueNamed(on, row, undefined));
  }
  return listed.map(({ expr, alias }) => {
    const parts = on.exprs.length === 1 ? [expr] : expr.kind === 'row' ? expr.items : [expr];
    if (parts.length !== on.exprs.length)
      throw bindError(`PIVOT needs ${on.exprs.length} values here`, expr.span ?? query.span);
    const constants = parts.map(p => {
      const value = constantOf(p, b.options);
      if (value === undefined) throw bindError('The values of PIVOT … IN must be constants', p.span ?? expr.span);
      return value;
    });
    return valueNamed(on, constants, alias);
  });
}

/** `IN mood`: the values of an enum. */
function enumValues(b: Binder, on: On, named: NamedType): readonly Value[] {
  const type = bindType(b, named, named.span);
  if (type.kind !== 'enum' || on.exprs.length !== 1)
    throw bindError(`PIVOT … IN ${named.name} needs one column, and an ENUM of this name`, named.span);
  return type.values.map(value => valueNamed(on, [{ type: UTF8, value }], undefined));
}

function valueNamed(on: On, values: readonly Scalar[], alias: string | undefined): Value {
  const name = alias ?? values.map(v => formatRaw(v.type, scalarToRaw(v))).join('_');
  const equal = on.exprs.map((expr, i): Expr => {
    const value: Expr = { kind: 'literal', value: values[i]! };
    return { kind: 'call', fn: 'is not distinct from', args: [expr, value], span: expr.span };
  });
  return { name, condition: all(equal) };
}

/** The expression with its aggregates over the rows of a condition only. */
function filteredBy(b: Binder, expr: Expr, condition: Expr): Expr {
  const { functions } = b.catalog;
  let found = false;
  const visit = (e: Expr): Expr => {
    if (e.kind !== 'call' || functions.aggregate(e.fn) === undefined) {
      if (e.kind === 'name')
        throw bindError('Columns can only be named inside the aggregates of PIVOT … USING', e.span);
      return rewriteExprChildren(e, { expr: visit, query: q => q });
    }
    found = true;
    return { ...e, filter: e.filter === undefined ? condition : all([e.filter, condition]) };
  };
  const result = visit(expr);
  if (!found) throw bindError('PIVOT … USING needs an aggregate, such as sum(x)', expr.span);
  return result;
}
