import type { BoundExpr, ColumnId } from '../../plan/expr.ts';
import type { Column, LogicalPlan, SharedId } from '../../plan/logical-plan.ts';
import { bottomUp } from '../../plan/rewrite.ts';
import type { Binder } from '../binder.ts';
import { makeCall } from '../exprs/bind-call.ts';

/** Where a plan hands up each outer column's value: columns of its own, by the outer column's id. */
export type DomainMap = ReadonlyMap<ColumnId, Column>;

/** That two plans stand at the same outer values. */
export function sameDomain(b: Binder, left: DomainMap, right: DomainMap): readonly BoundExpr[] {
  return [...left].map(([outerId, l]) => {
    const r = right.get(outerId)!;
    const canBeNull = b.isNullable(l.id) || b.isNullable(r.id);
    return makeCall(b, canBeNull ? 'is not distinct from' : '=', [b.ref(l), b.ref(r)]);
  });
}

/** The distinct values of outer columns, as a plan to join with. */
export class Domain {
  readonly #b: Binder;
  readonly #plan: LogicalPlan;
  readonly #outer: readonly Column[];
  readonly #columns: readonly Column[];
  readonly #id: SharedId;
  #uses = 0;

  constructor(b: Binder, left: SharedId, outer: readonly Column[], source: readonly ColumnId[]) {
    const fresh = () => outer.map(c => b.newColumn(c.name, c.type, b.isNullable(c.id)));
    const read = fresh();
    this.#b = b;
    this.#outer = outer;
    this.#columns = fresh();
    this.#id = b.newShared();
    this.#plan = {
      kind: 'aggregate',
      input: { kind: 'shared-ref', id: left, columns: read, source },
      keys: this.#columns.map((column, i) => ({ column, expr: b.ref(read[i]!) })),
      aggregates: [],
    };
  }

  /** The domain under new ids. */
  use(): { readonly plan: LogicalPlan; readonly map: DomainMap } {
    this.#uses++;
    const columns = this.#columns.map(c => this.#b.newColumn(c.name, c.type, this.#b.isNullable(c.id)));
    return {
      plan: { kind: 'shared-ref', id: this.#id, columns, source: this.#columns.map(c => c.id) },
      map: new Map(this.#outer.map((c, i) => [c.id, columns[i]!])),
    };
  }

  /** Puts the definition above the plan that uses the domain; in the place of the use when there is one only. */
  define(input: LogicalPlan): LogicalPlan {
    if (this.#uses > 1) return { kind: 'shared', id: this.#id, definition: this.#plan, input };
    return bottomUp(input, node => {
      if (node.kind !== 'shared-ref' || node.id !== this.#id) return node;
      return {
        kind: 'project',
        input: this.#plan,
        columns: node.columns.map((column, i) => ({ column, expr: this.#b.ref(this.#columns[i]!) })),
      };
    });
  }
}
