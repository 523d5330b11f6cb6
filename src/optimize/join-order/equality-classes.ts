import { invariant } from '../../common/errors.ts';
import type { BoundExpr, CallOf, ColumnId, ColumnRef } from '../../plan/expr.ts';
import { typeOf } from '../../plan/expr.ts';
import { sameType } from '../../types/data-type.ts';
import { indexOf, MAX_RELATIONS, type RelationSet } from './relation-set.ts';

/** A column and the relation (a set of one) that hands it up. */
export type Member = { readonly column: ColumnRef; readonly home: RelationSet };

export type EqualityClass = {
  readonly members: readonly Member[];
  readonly homes: RelationSet;
  /** The conditions that made the class. */
  readonly conditions: readonly CallOf<ColumnRef>[];
};

/**
 * Columns that inner joins make equal: of a = b and b = c follows a = c, so any two may be joined, and a join of two
 * sets needs just one equality of each class that both have. At most one column of a relation is in a class.
 */
export class EqualityClasses {
  #classes: EqualityClass[] = [];

  get all(): readonly EqualityClass[] {
    return this.#classes;
  }

  /** Takes an equality in; false when it has to stay a condition of its own. */
  add(condition: BoundExpr, a: Member, b: Member): boolean {
    if (condition.kind !== 'call' || !sameType(typeOf(a.column), typeOf(b.column))) return false;
    const x = this.#find(a.column.id) ?? { members: [a], homes: a.home, conditions: [] };
    const y = this.#find(b.column.id) ?? { members: [b], homes: b.home, conditions: [] };
    if (x === y || (x.homes & y.homes) !== 0) return x === y;
    const merged = {
      members: [...x.members, ...y.members],
      homes: x.homes | y.homes,
      conditions: [...x.conditions, ...y.conditions, condition],
    };
    this.#classes = [...this.#classes.filter(c => c !== x && c !== y), merged];
    return true;
  }

  #find(id: ColumnId): EqualityClass | undefined {
    return this.#classes.find(c => c.members.some(m => m.column.id === id));
  }
}

/**
 * One equality of each class that has columns in both sets. Those between the same two relations are preferred: a key
 * of several columns tells more than its columns each with another relation; then those that the query has.
 */
export function equalitiesBetween(
  classes: readonly EqualityClass[],
  left: RelationSet,
  right: RelationSet,
): readonly CallOf<ColumnRef>[] {
  const candidates = classes.flatMap(c =>
    (c.homes & left) !== 0 && (c.homes & right) !== 0 ? [pairsOf(c, left, right)] : [],
  );
  if (candidates.length === 1) return [best(candidates[0]!, () => 0)];
  const shared = new Map<number, number>();
  for (const { homes } of candidates.flat()) shared.set(homes, (shared.get(homes) ?? 0) + 1);
  return candidates.map(pairs => best(pairs, p => shared.get(p.homes)!));
}

type Pair = { readonly left: Member; readonly right: Member; readonly homes: number; readonly of: EqualityClass };

function pairsOf(of: EqualityClass, left: RelationSet, right: RelationSet): readonly Pair[] {
  const pairs: Pair[] = [];
  for (const a of of.members) {
    if ((a.home & left) === 0) continue;
    for (const b of of.members) {
      if ((b.home & right) === 0) continue;
      pairs.push({ left: a, right: b, homes: indexOf(a.home) * MAX_RELATIONS + indexOf(b.home), of });
    }
  }
  return pairs;
}

function best(pairs: readonly Pair[], weight: (p: Pair) => number): CallOf<ColumnRef> {
  let chosen: { readonly equality: CallOf<ColumnRef>; readonly weight: number } | undefined;
  for (const p of pairs) {
    const known = p.of.conditions.find(c => connects(c, p));
    const w = 2 * weight(p) + (known === undefined ? 0 : 1);
    if (chosen !== undefined && w <= chosen.weight) continue;
    chosen = { equality: known ?? { ...p.of.conditions[0]!, args: [p.left.column, p.right.column] }, weight: w };
  }
  invariant(chosen !== undefined, 'a class that two sets share has a pair of columns');
  return chosen.equality;
}

function connects({ args }: CallOf<ColumnRef>, { left, right }: Pair): boolean {
  const [a, b] = args as readonly [ColumnRef, ColumnRef];
  const [x, y] = [left.column.id, right.column.id];
  return (a.id === x && b.id === y) || (a.id === y && b.id === x);
}
