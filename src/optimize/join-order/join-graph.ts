import { collectColumns, idsOf, outputOf } from '../../plan/columns.ts';
import { conjunctsOf } from '../../plan/conjuncts.ts';
import type { BoundExpr, ColumnId, ColumnRef } from '../../plan/expr.ts';
import type { Column, JoinPlan, LogicalPlan } from '../../plan/logical-plan.ts';
import type { Effects } from '../effects.ts';
import { EqualityClasses } from './equality-classes.ts';
import { isSingle, MAX_RELATIONS, only, type RelationSet } from './relation-set.ts';

/** What joins meet in a graph: plans that are not looked into. */
type Relation = {
  readonly plan: LogicalPlan;
  /**
   * How the relation hangs on others, where it is not an inner part: it can be joined alone as the right side, as
   * soon as the left side has what its condition needs. Such joins and inner joins may change places.
   */
  readonly attached?: Attachment | undefined;
};

export type Attachment = {
  readonly type: 'left' | 'semi' | 'anti' | 'mark';
  readonly needs: RelationSet;
  readonly condition: readonly BoundExpr[];
  readonly mark?: Column | undefined;
};

/** A condition that holds for the result, applied by the first join that has all relations that it needs. */
type Predicate = { readonly expr: BoundExpr; readonly needs: RelationSet };

/** A tree of joins, taken apart. */
export type JoinGraph = {
  readonly relations: readonly Relation[];
  readonly predicates: readonly Predicate[];
  readonly classes: EqualityClasses;
  /** The relation that hands a column up (a mark column counts as its attached relation's). */
  readonly homeOf: ReadonlyMap<ColumnId, number>;
};

/**
 * Takes a tree of inner joins, and the left, semi, anti and mark joins on top of or between them, apart; undefined
 * when fewer than three relations leave nothing to choose, or a condition varies with each run.
 */
export function joinGraphOf(plan: LogicalPlan, effects: Effects): JoinGraph | undefined {
  const collection = new Collection(effects);
  const all = collection.visit(plan);
  if (collection.failed || collection.relations.length < 3) return undefined;
  return collection.finish(all);
}

class Collection {
  readonly relations: Relation[] = [];
  failed = false;
  readonly #effects: Effects;
  readonly #homeOf = new Map<ColumnId, number>();
  readonly #conditions: BoundExpr[] = [];

  constructor(effects: Effects) {
    this.#effects = effects;
  }

  /** The set of the relations below. */
  visit(plan: LogicalPlan): RelationSet {
    if (plan.kind === 'join') {
      switch (plan.type) {
        case 'inner': {
          const set = this.visit(plan.left) | this.visit(plan.right);
          this.#conditions.push(...this.#conjuncts(plan));
          return set;
        }
        case 'left':
        case 'semi':
        case 'anti':
        case 'mark':
          return this.#attach(plan.type, plan.left, plan.right, plan);
        case 'right':
          return this.#attach('left', plan.right, plan.left, plan);
        default:
          break;
      }
    }
    return this.#add({ plan }, outputOf(plan));
  }

  #attach(type: Attachment['type'], left: LogicalPlan, right: LogicalPlan, plan: JoinPlan): RelationSet {
    const below = this.visit(left);
    const condition = this.#conjuncts(plan);
    const own = idsOf(right);
    let needs = 0;
    for (const c of condition) {
      for (const id of collectColumns(c)) if (!own.has(id)) needs |= this.#closed(id);
    }
    // What may fail, or reads nothing of the left side, stays above everything that stood below it.
    if (needs === 0 || condition.some(c => this.#effects.mayFail(c))) needs = below;
    const columns = type === 'left' ? outputOf(right) : plan.mark === undefined ? [] : [plan.mark];
    return below | this.#add({ plan: right, attached: { type, needs, condition, mark: plan.mark } }, columns);
  }

  #add(relation: Relation, columns: readonly Column[]): RelationSet {
    const index = this.relations.length;
    if (index >= MAX_RELATIONS) this.failed = true;
    this.relations.push(relation);
    for (const c of columns) this.#homeOf.set(c.id, index);
    return only(index);
  }

  #conjuncts(plan: JoinPlan): readonly BoundExpr[] {
    const conjuncts = conjunctsOf(plan.condition);
    if (conjuncts.some(c => this.#effects.isVolatile(c))) this.failed = true;
    return conjuncts;
  }

  /** The relation of a column, and all that must be there before it when it is an attached one. */
  #closed(id: ColumnId): RelationSet {
    const home = this.#homeOf.get(id);
    if (home === undefined) return 0;
    return only(home) | (this.relations[home]!.attached?.needs ?? 0);
  }

  finish(all: RelationSet): JoinGraph {
    const classes = new EqualityClasses();
    const predicates: Predicate[] = [];
    const failing: BoundExpr[] = [];
    for (const expr of this.#conditions) {
      if (this.#effects.mayFail(expr)) failing.push(expr);
      else if (!this.#isInnerEquality(expr) || !this.#merge(classes, expr))
        predicates.push({ expr, needs: this.#needs(expr) });
    }
    // What may fail is computed last, so that it sees no rows which other conditions keep from it; alone it has its place.
    const alone = failing.length === this.#conditions.length;
    for (const expr of failing) predicates.push({ expr, needs: alone ? this.#needs(expr) : all });
    // A join applies a condition when it brings its relations together: what reads none or one waits for all.
    const needed = predicates.map(p => (p.needs === 0 || isSingle(p.needs) ? { ...p, needs: all } : p));
    return { relations: this.relations, predicates: needed, classes, homeOf: this.#homeOf };
  }

  #needs(expr: BoundExpr): RelationSet {
    let needs = 0;
    for (const id of collectColumns(expr)) needs |= this.#closed(id);
    return needs;
  }

  #isInnerEquality(expr: BoundExpr): boolean {
    if (expr.kind !== 'call' || expr.fn !== '=') return false;
    return expr.args.every(
      a => a.kind === 'column' && this.relations[this.#homeOf.get(a.id) ?? -1]?.attached === undefined,
    );
  }

  #merge(classes: EqualityClasses, expr: BoundExpr): boolean {
    const [a, b] = (expr as Extract<BoundExpr, { kind: 'call' }>).args as readonly [ColumnRef, ColumnRef];
    const [x, y] = [this.#homeOf.get(a.id), this.#homeOf.get(b.id)];
    return (
      x !== undefined &&
      y !== undefined &&
      classes.add(expr, { column: a, home: only(x) }, { column: b, home: only(y) })
    );
  }
}
