import { collectColumns, outputOf } from '../../plan/columns.ts';
import { type BoundExpr, type ColumnId, type ColumnRef, typeOf } from '../../plan/expr.ts';
import { exprKey } from '../../plan/expr-key.ts';
import type { LogicalPlan, ProjectColumn } from '../../plan/logical-plan.ts';
import { type Binder, bindError } from '../binder.ts';
import { isCorrelated, reads } from '../decorrelate/correlation.ts';
import { applyJoins, type SubqueryJoin } from '../decorrelate/subquery-join.ts';
import { isVolatile } from '../exprs/evaluated-once.ts';

/**
 * Gathers the UNNESTs of one SELECT while its list is bound: all of them go side by side, to the longest list. Lists
 * of lists that are flattened have an UNNEST for each level; the outermost lists come apart first.
 */
export class UnnestCollector {
  /** By level, from the innermost lists on. */
  readonly #levels: ProjectColumn[][] = [];
  readonly #ids = new Set<ColumnId>();

  /** The column of a list's elements; of those `depth` levels down. The same one for the same list. */
  add(b: Binder, list: BoundExpr, name: string, depth: number): ColumnRef {
    let expr = list;
    for (let level = depth - 1; level >= 0; level--) expr = this.#element(b, expr, name, level);
    return expr as ColumnRef;
  }

  get used(): boolean {
    return this.#levels.length > 0;
  }

  /** Whether an expression reads unnested elements. */
  isReadBy(expr: BoundExpr): boolean {
    return reads(expr, this.#ids);
  }

  /** Whether any of the lists that an expression reads elements of passes a test. */
  someListOf(expr: BoundExpr, test: (list: BoundExpr) => boolean): boolean {
    const ids = collectColumns(expr);
    return this.#levels.flat().some(l => ids.has(l.column.id) && (test(l.expr) || this.someListOf(l.expr, test)));
  }

  /**
   * Puts the collected UNNESTs above `plan`: after the subqueries that they read, before those that read them.
   * @param change the lists as they read the plan's columns  @param over what stands between plan and UNNESTs
   */
  above(
    b: Binder,
    plan: LogicalPlan,
    joins: SubqueryJoin[],
    change = (list: BoundExpr): BoundExpr => list,
    over = (joined: LogicalPlan): LogicalPlan => joined,
  ): LogicalPlan {
    if (!this.used) return over(applyJoins(b, plan, joins));
    const later = new Set(this.#ids);
    const before: SubqueryJoin[] = [];
    const after: SubqueryJoin[] = [];
    for (const join of joins.splice(0)) {
      const depends = isCorrelated(join.plan, later) || (join.condition !== undefined && reads(join.condition, later));
      (depends ? after : before).push(join);
      if (!depends) continue;
      for (const c of [...outputOf(join.plan), ...(join.mark === undefined ? [] : [join.mark])]) later.add(c.id);
    }
    const own = new Set([...later].filter(id => !this.#ids.has(id)));
    for (const { expr } of this.#levels.flat())
      if (reads(expr, own)) throw bindError('UNNEST of a subquery that reads unnested elements', b.spanOf(expr));
    const unnested = this.#levels.reduceRight<LogicalPlan>(
      (input, lists) => ({
        kind: 'unnest',
        input,
        lists: lists.map(l => ({ ...l, expr: change(l.expr) })),
        keepsEmpty: false,
      }),
      over(applyJoins(b, plan, before)),
    );
    return applyJoins(b, unnested, after);
  }

  #element(b: Binder, list: BoundExpr, name: string, level: number): ColumnRef {
    this.#levels[level] ??= [];
    const lists = this.#levels[level];
    const key = exprKey(list);
    let known = isVolatile(b, list) ? undefined : lists.find(l => exprKey(l.expr) === key);
    if (known === undefined) {
      const type = typeOf(list);
      const element = type.kind === 'list' || type.kind === 'array' ? type.element : type;
      known = { column: b.newColumn(name, element, true), expr: list };
      this.#ids.add(known.column.id);
      lists.push(known);
    }
    return b.ref(known.column);
  }
}
