import { estimateOf } from '../../plan/cardinality.ts';
import { idsOf } from '../../plan/columns.ts';
import { allOf, filtered } from '../../plan/conjuncts.ts';
import { type EquiPair, splitEquiPairs } from '../../plan/equi-pairs.ts';
import type { ColumnEstimate, Estimate } from '../../plan/estimate.ts';
import { equiSelectivity, estimateJoinRows } from '../../plan/estimate-join.ts';
import type { BoundExpr, ColumnId } from '../../plan/expr.ts';
import type { LogicalPlan } from '../../plan/logical-plan.ts';
import { selectivity } from '../../plan/selectivity.ts';
import { equalitiesBetween } from './equality-classes.ts';
import type { Attachment, JoinGraph } from './join-graph.ts';
import { includes, indexOf, isSingle, membersOf, only, type RelationSet } from './relation-set.ts';

/** A way to join a set of relations: one relation, or two smaller trees, the right one attached or the smaller. */
export type JoinTree = {
  readonly set: RelationSet;
  readonly rows: number;
  readonly cost: number;
  readonly left?: JoinTree | undefined;
  readonly right?: JoinTree | undefined;
};

/** A row stored in a hash table costs as much as … rows handed up; a row looked up costs less. */
const BUILD = 1.5;
const PROBE = 0.5;

/** Knows what joining costs in one graph, and makes plans of trees. */
export class JoinPlanner {
  readonly #graph: JoinGraph;
  readonly #columns: ReadonlyMap<ColumnId, ColumnEstimate>;
  readonly #hasAttached: boolean;
  readonly #rows = new Map<RelationSet, number>();
  readonly #columnsBySet = new Map<RelationSet, ReadonlySet<ColumnId>>();

  constructor(graph: JoinGraph) {
    this.#graph = graph;
    this.#hasAttached = graph.relations.some(r => r.attached !== undefined);
    const estimates = graph.relations.map(r => estimateOf(r.plan));
    this.#columns = new Map(estimates.flatMap(e => [...e.columns]));
    for (const [i, e] of estimates.entries()) this.#rows.set(only(i), e.rows);
  }

  relation(index: number): JoinTree {
    return { set: only(index), rows: this.#rows.get(only(index))!, cost: 0 };
  }

  /**
   * The join of two trees; undefined when an attached relation does not find what it needs.
   * @param limit what it must cost less than to be of use: undefined otherwise, or a tree that costs more
   */
  join(a: JoinTree, b: JoinTree, limit = Number.POSITIVE_INFINITY): JoinTree | undefined {
    const attachedB = this.#attachment(b.set);
    const attachedA = attachedB === undefined ? this.#attachment(a.set) : undefined;
    const [left, right] = attachedA !== undefined || (attachedB === undefined && a.rows < b.rows) ? [b, a] : [a, b];
    const attached = attachedA ?? attachedB;
    if (
      attached === undefined
        ? !this.#isComplete(a.set) || !this.#isComplete(b.set)
        : !includes(left.set, attached.needs)
    ) {
      return undefined;
    }
    const set = left.set | right.set;
    const known = this.#rows.get(set);
    if (known !== undefined && left.cost + right.cost + known >= limit) return undefined;
    const condition = attached?.condition ?? this.#between(left.set, right.set);
    const rows = known ?? this.#rowsOf(set, left, right, condition, attached);
    const isHashed = condition.some(c => this.#isEquality(c));
    const build = attached?.type === 'mark' ? right.rows : Math.min(left.rows, right.rows);
    const work = isHashed ? BUILD * build + PROBE * (left.rows + right.rows - build) : left.rows * right.rows;
    return { set, rows, cost: left.cost + right.cost + work + rows, left, right };
  }

  plan({ set, left, right }: JoinTree): LogicalPlan {
    if (left === undefined || right === undefined) return this.#graph.relations[indexOf(set)]!.plan;
    const attached = this.#attachment(right.set);
    const inner = this.#between(left.set, right.set);
    const inputs = { left: this.plan(left), right: this.plan(right) };
    if (attached === undefined) return { kind: 'join', type: 'inner', ...inputs, condition: allOf(inner) };
    const { type, condition, mark } = attached;
    const joined: LogicalPlan = {
      kind: 'join',
      type,
      ...inputs,
      condition: allOf(condition),
      ...(mark === undefined ? {} : { mark }),
    };
    return filtered(joined, inner);
  }

  /** The attachment of a set of one attached relation. */
  #attachment(set: RelationSet): Attachment | undefined {
    return isSingle(set) ? this.#graph.relations[indexOf(set)]!.attached : undefined;
  }

  /** Every attached relation of the set has been joined to what it needs. */
  #isComplete(set: RelationSet): boolean {
    return (
      !this.#hasAttached || membersOf(set).every(i => includes(set, this.#graph.relations[i]!.attached?.needs ?? 0))
    );
  }

  /** The inner conditions that the two sets have together and neither has alone. */
  #between(left: RelationSet, right: RelationSet): readonly BoundExpr[] {
    const set = left | right;
    const equalities = equalitiesBetween(this.#graph.classes.all, left, right);
    const others = this.#graph.predicates.filter(
      p => includes(set, p.needs) && !includes(left, p.needs) && !includes(right, p.needs),
    );
    return [...equalities, ...others.map(p => p.expr)];
  }

  #isEquality(c: BoundExpr): boolean {
    return c.kind === 'call' && (c.fn === '=' || c.fn === 'is not distinct from');
  }

  /** A set's rows, for the first tree of it: all trees agree. */
  #rowsOf(
    set: RelationSet,
    a: JoinTree,
    b: JoinTree,
    condition: readonly BoundExpr[],
    attached: Attachment | undefined,
  ): number {
    const left: Estimate = { rows: a.rows, columns: this.#columns };
    const right: Estimate = { rows: b.rows, columns: this.#columns };
    const { pairs, rest } = splitEquiPairs(allOf(condition), this.#columnsOf(a.set), this.#columnsOf(b.set));
    const residual = allOf(rest);
    const equal = this.#grouped(pairs).reduce((s, group) => s * equiSelectivity(group, left, right), 1);
    const part = residual === undefined ? 1 : selectivity(residual, { rows: a.rows * b.rows, columns: this.#columns });
    let rows = estimateJoinRows(attached?.type ?? 'inner', { left, right, pairs, equal, residual: part });
    if (attached !== undefined) {
      const above = allOf(this.#between(a.set, b.set));
      if (above !== undefined) rows *= selectivity(above, { rows, columns: this.#columns });
    }
    this.#rows.set(set, rows);
    return rows;
  }

  /** Equalities between the same two relations depend on each other, others don't. */
  #grouped(pairs: readonly EquiPair[]): readonly (readonly EquiPair[])[] {
    if (pairs.length < 2) return pairs.length === 0 ? [] : [pairs];
    const groups = new Map<string, EquiPair[]>();
    for (const pair of pairs) {
      const key = `${this.#home(pair.left)}-${this.#home(pair.right)}`;
      groups.set(key, [...(groups.get(key) ?? []), pair]);
    }
    return [...groups.values()];
  }

  #home(e: BoundExpr): number {
    return e.kind === 'column' ? (this.#graph.homeOf.get(e.id) ?? -1) : -1;
  }

  #columnsOf(set: RelationSet): ReadonlySet<ColumnId> {
    if (isSingle(set)) return idsOf(this.#graph.relations[indexOf(set)]!.plan);
    let columns = this.#columnsBySet.get(set);
    if (columns === undefined) {
      columns = new Set(membersOf(set).flatMap(i => [...idsOf(this.#graph.relations[i]!.plan)]));
      this.#columnsBySet.set(set, columns);
    }
    return columns;
  }
}
