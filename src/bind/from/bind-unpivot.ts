import { type BoundExpr, typeOf } from '../../plan/expr.ts';
import type { LogicalPlan } from '../../plan/logical-plan.ts';
import type { Expr } from '../../query/expr.ts';
import type { Query, UnpivotQuery } from '../../query/query.ts';
import { exprsBelow } from '../../query/walk.ts';
import { INT32, list, UTF8 } from '../../types/data-type.ts';
import { type Binder, bindError } from '../binder.ts';
import { unify } from '../coerce.ts';
import { integerOf, literal } from '../constant.ts';
import { applyJoins } from '../decorrelate/subquery-join.ts';
import type { ExprEnv, QueryEnv } from '../env.ts';
import { conjunction, makeCall, makeCase } from '../exprs/bind-call.ts';
import { expandItems } from '../exprs/expand-items.ts';
import { type Bound, type Scope, sameName, unnamedScope } from '../scope.ts';
import { projected } from '../select/select-output.ts';
import { bindFromItem } from './bind-table.ts';

type Unpivot = UnpivotQuery & Pick<Query, 'span'>;
/** What becomes one row: its name, and a value for each of the new columns. */
type Group = { readonly name: string; readonly exprs: readonly Expr[]; readonly reads: readonly string[] };

/**
 * UNPIVOT: for each row one for each group of columns, with the group's name and values; rows with a NULL among the
 * values are left out unless they are asked for. Numbers of the groups are unnested, and choose among the columns.
 */
export function bindUnpivot(b: Binder, query: Unpivot, env: QueryEnv): Bound {
  const { plan, scope } = bindFromItem(b, query.input, env);
  const groups = query.on.flatMap(on => groupsOf(b, on, scope));
  const width = query.values.length;
  const odd = groups.find(g => g.exprs.length !== width);
  if (odd !== undefined) {
    const found = odd.exprs.length;
    const at = odd.exprs[0]?.span ?? query.span;
    throw bindError(`UNPIVOT of "${odd.name}" has ${found} values for ${width} columns`, at, 'all groups have as many');
  }
  const place: ExprEnv = { scope, outer: env.outer, ctes: env.ctes, clause: 'UNPIVOT', joins: [] };
  const values = query.values.map((_, v) => {
    const bound = groups.map(g => b.expr(b, place, g.exprs[v]!));
    return unify(b, bound, 'UNPIVOT', query.span).exprs;
  });
  const ordinal = b.newColumn('group', INT32, false);
  const name = b.newColumn(query.name, UTF8, false);
  const numbers = literal({ type: list(INT32), value: groups.map((_, i) => i) });
  const names = literal({ type: list(UTF8), value: groups.map(g => g.name) });
  const unnested: LogicalPlan = {
    kind: 'unnest',
    input: applyJoins(b, plan, place.joins),
    lists: [
      { column: ordinal, expr: numbers },
      { column: name, expr: names },
    ],
    keepsEmpty: false,
  };
  const chosen = values.map(exprs => chosenBy(b, b.ref(ordinal), exprs));
  const kept = scope.columns.filter(c => !groups.some(g => g.reads.some(r => sameName(r, c.name))));
  const items = [
    ...kept.map(c => ({ name: c.name, expr: b.ref(c.column) as BoundExpr })),
    { name: query.name, expr: b.ref(name) },
    ...chosen.map((expr, i) => ({ name: query.values[i]!, expr })),
  ];
  const result = projected(b, unnested, items);
  const present = query.includeNulls
    ? []
    : result.columns.slice(kept.length + 1).map(c => makeCall(b, 'is not null', [b.ref(c)]));
  const predicate = conjunction(b, present);
  return {
    plan: predicate === undefined ? result.plan : { kind: 'filter', input: result.plan, predicate },
    scope: unnamedScope(result.columns.map((column, i) => ({ name: items[i]!.name, column }))),
  };
}

/** The expression of the group whose number a row has. */
function chosenBy(b: Binder, ordinal: BoundExpr, exprs: readonly BoundExpr[]): BoundExpr {
  const branches = exprs.slice(0, -1).map((result, i) => ({
    when: makeCall(b, '=', [ordinal, literal(integerOf(typeOf(ordinal), BigInt(i)))]),
    result,
  }));
  return branches.length === 0 ? exprs[0]! : makeCase(b, branches, exprs.at(-1)!);
}

/** A star or COLUMNS(…) stands for a group of each column. */
function groupsOf(b: Binder, on: UnpivotQuery['on'][number], scope: Scope): readonly Group[] {
  const [only, ...more] = on.exprs;
  if (only !== undefined && more.length === 0) {
    return expandItems(b, [{ expr: only, alias: on.alias } as never], scope).map(item => {
      const expr: Expr = item.expr ?? { kind: 'name', path: [item.column.name], span: item.span };
      const read = columnOf(expr);
      return { name: on.alias ?? read, exprs: [expr], reads: [read] };
    });
  }
  const reads = on.exprs.map(columnOf);
  return [{ name: on.alias ?? reads.join('_'), exprs: on.exprs, reads }];
}

/** The one column that an expression of UNPIVOT reads. */
function columnOf(expr: Expr): string {
  const names = new Set(
    exprsBelow(expr)
      .concat(expr)
      .flatMap(e => (e.kind === 'name' ? [e.path.at(-1)!] : [])),
  );
  const [name, ...more] = names;
  if (name === undefined || more.length > 0)
    throw bindError('Each expression of UNPIVOT reads exactly one column', expr.span);
  return name;
}
