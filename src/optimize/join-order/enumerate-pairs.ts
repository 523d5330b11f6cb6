import { includes, indexOf, lowestOf, only, type RelationSet } from './relation-set.ts';

/** A condition that connects two sets of relations; each may have several members (a hyperedge). */
export type Edge = { readonly left: RelationSet; readonly right: RelationSet };

/**
 * Calls `emit` with every pair of disjoint connected sets that an edge connects, smaller ones first, each pair once:
 * DPhyp (Moerkotte and Neumann, "Dynamic Programming Strikes Back"). `emit` answers whether to go on.
 * False when it stopped.
 */
export function enumeratePairs(
  relations: number,
  edges: readonly Edge[],
  emit: (left: RelationSet, right: RelationSet) => boolean,
): boolean {
  return new Enumeration(relations, edges, emit).run();
}

class Enumeration {
  readonly #relations: number;
  readonly #edges: readonly Edge[];
  readonly #emit: (left: RelationSet, right: RelationSet) => boolean;
  /** The sets found to be connected so far. */
  readonly #connected = new Set<RelationSet>();
  #stopped = false;

  constructor(relations: number, edges: readonly Edge[], emit: (left: RelationSet, right: RelationSet) => boolean) {
    this.#relations = relations;
    this.#edges = edges;
    this.#emit = emit;
  }

  run(): boolean {
    for (let v = 0; v < this.#relations; v++) this.#connected.add(only(v));
    for (let v = this.#relations - 1; v >= 0; v--) {
      this.#startFrom(only(v));
      this.#grow(only(v), upTo(v));
    }
    return !this.#stopped;
  }

  /** Extends a connected set by its neighbours, without those in `excluded`. */
  #grow(set: RelationSet, excluded: RelationSet): void {
    const neighbours = this.#neighbours(set, excluded);
    for (let part = firstSubset(neighbours); part !== 0 && !this.#stopped; part = nextSubset(part, neighbours)) {
      if (this.#connected.has(set | part)) this.#startFrom(set | part);
    }
    for (let part = firstSubset(neighbours); part !== 0 && !this.#stopped; part = nextSubset(part, neighbours)) {
      this.#grow(set | part, excluded | neighbours);
    }
  }

  /** Looks for the other sides of a set: connected sets whose lowest relation is above the set's lowest. */
  #startFrom(set: RelationSet): void {
    const excluded = set | upTo(indexOf(lowestOf(set)));
    const neighbours = this.#neighbours(set, excluded);
    for (let v = this.#relations - 1; v >= 0 && !this.#stopped; v--) {
      if (!includes(neighbours, only(v))) continue;
      if (this.#areJoined(set, only(v))) this.#found(set, only(v));
      this.#growOther(set, only(v), excluded | (upTo(v) & neighbours));
    }
  }

  #growOther(set: RelationSet, other: RelationSet, excluded: RelationSet): void {
    const neighbours = this.#neighbours(other, excluded);
    for (let part = firstSubset(neighbours); part !== 0 && !this.#stopped; part = nextSubset(part, neighbours)) {
      const grown = other | part;
      if (this.#connected.has(grown) && this.#areJoined(set, grown)) this.#found(set, grown);
    }
    for (let part = firstSubset(neighbours); part !== 0 && !this.#stopped; part = nextSubset(part, neighbours)) {
      this.#growOther(set, other | part, excluded | neighbours);
    }
  }

  #found(left: RelationSet, right: RelationSet): void {
    this.#connected.add(left | right);
    if (!this.#emit(left, right)) this.#stopped = true;
  }

  /** What edges lead to from a set; a hyperedge's other end is stood for by its lowest relation. */
  #neighbours(set: RelationSet, excluded: RelationSet): RelationSet {
    const taken = set | excluded;
    let result = 0;
    for (const { left, right } of this.#edges) {
      if (includes(set, left) && (right & taken) === 0) result |= lowestOf(right);
      if (includes(set, right) && (left & taken) === 0) result |= lowestOf(left);
    }
    return result;
  }

  #areJoined(a: RelationSet, b: RelationSet): boolean {
    for (const { left, right } of this.#edges)
      if ((includes(a, left) && includes(b, right)) || (includes(a, right) && includes(b, left))) return true;
    return false;
  }
}

const upTo = (relation: number): RelationSet => only(relation) | (only(relation) - 1);

// The non-empty subsets of a set, each after its own subsets; 0 when there are no more.
const firstSubset = (set: RelationSet): RelationSet => set & -set;
const nextSubset = (part: RelationSet, set: RelationSet): RelationSet => (part - set) & set;
