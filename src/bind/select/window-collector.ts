import type { Span } from '../../common/errors.ts';
import { windowCallExprs } from '../../plan/columns.ts';
import type { BoundExpr, BoundSortKey, BoundWindowCall, ColumnId, ColumnRef } from '../../plan/expr.ts';
import { exprKey } from '../../plan/expr-key.ts';
import type { Column, LogicalPlan, WindowPlan } from '../../plan/logical-plan.ts';
import { mapSortKeys, mapWindowCall } from '../../plan/rewrite.ts';
import type { WindowSpec } from '../../query/expr.ts';
import type { NamedWindow } from '../../query/query.ts';
import { type Binder, bindError } from '../binder.ts';
import { namedWindows } from '../exprs/named-windows.ts';

/** Which rows belong together, and in which order they come. */
export type BoundWindow = { readonly partitionBy: readonly BoundExpr[]; readonly orderBy: readonly BoundSortKey[] };

type Collected = {
  readonly window: BoundWindow;
  readonly call: BoundWindowCall;
  readonly column: Column;
  readonly span: Span | undefined;
};

/** Gathers the window functions of one SELECT while its expressions are bound: each becomes a column of a window node. */
export class WindowCollector {
  readonly #named: ReadonlyMap<string, WindowSpec>;
  readonly #collected: Collected[] = [];
  readonly #byText = new Map<string, Column>();
  readonly #ids = new Set<ColumnId>();

  /** @throws RayexecError `bind` for windows of the WINDOW clause that clash */
  constructor(windows: readonly NamedWindow[] = []) {
    this.#named = namedWindows(windows);
  }

  /** The specification of a window by name. @throws RayexecError `bind` when there is none */
  named(name: string, span: Span | undefined): WindowSpec {
    const spec = this.#named.get(name.toLowerCase());
    if (spec === undefined) {
      const names = [...this.#named.keys()];
      const hint = names.length === 0 ? 'WINDOW w AS (…) names one' : `windows here: ${names.join(', ')}`;
      throw bindError(`window "${name}" does not exist`, span, hint);
    }
    return spec;
  }

  /** The column of a function over a window; the same one for equal ones. */
  add(b: Binder, window: BoundWindow, call: BoundWindowCall, nullable: boolean, span: Span | undefined): ColumnRef {
    const key = JSON.stringify([window, call], (k, v) => (k === 'span' ? undefined : v));
    let column = this.#byText.get(key);
    if (column === undefined) {
      column = b.newColumn(call.fn, call.type, nullable);
      this.#byText.set(key, column);
      this.#ids.add(column.id);
      this.#collected.push({ window, call, column, span });
    }
    return b.ref(column, span);
  }

  /** Whether the column is a window function's. */
  has(id: ColumnId): boolean {
    return this.#ids.has(id);
  }

  get ids(): ReadonlySet<ColumnId> {
    return this.#ids;
  }

  /** The place of a function with an expression that passes a test. */
  placeOf(test: (e: BoundExpr) => boolean): { readonly span: Span | undefined } | undefined {
    return this.#collected.find(({ window, call }) =>
      [...window.partitionBy, ...window.orderBy.map(k => k.expr), ...windowCallExprs(call)].some(test),
    );
  }

  /** The plan with the functions' columns: a node for each window. @param map makes their expressions read `input` */
  above(input: LogicalPlan, map: (e: BoundExpr) => BoundExpr = e => e): LogicalPlan {
    const nodes = new Map<
      string,
      Pick<WindowPlan, 'partitionBy' | 'orderBy'> & { functions: WindowPlan['functions'] }
    >();
    for (const { window, call, column } of this.#collected) {
      const partitionBy = window.partitionBy.map(map);
      const orderBy = mapSortKeys(window.orderBy, map);
      const keys = orderBy.map(k => [exprKey(k.expr), k.descending, k.nullsFirst]);
      const key = JSON.stringify([partitionBy.map(exprKey), keys]);
      const functions = nodes.get(key)?.functions ?? [];
      nodes.set(key, { partitionBy, orderBy, functions: [...functions, { column, call: mapWindowCall(call, map) }] });
    }
    return [...nodes.values()].reduce<LogicalPlan>((plan, node) => ({ kind: 'window', input: plan, ...node }), input);
  }
}
