import { collectColumns } from '../../plan/columns.ts';
import type { BoundExpr, ColumnId } from '../../plan/expr.ts';
import { type Edge, enumeratePairs } from './enumerate-pairs.ts';
import type { JoinGraph } from './join-graph.ts';
import type { JoinPlanner, JoinTree } from './join-planner.ts';
import { includes, indexOf, isSingle, membersOf, only, type RelationSet } from './relation-set.ts';

/** Beyond this many relations, or pairs of sets to look at, a good tree is built greedily instead of finding the best. */
const MAX_EXACT = 12;
const MAX_PAIRS = 10_000;

/** The cheapest tree that joins all relations of a graph, or a good one of a big graph. */
export function chooseJoinTree(graph: JoinGraph, planner: JoinPlanner): JoinTree | undefined {
  const edges = edgesOf(graph);
  return exactTree(graph, planner, edges) ?? greedyTree(graph, planner, edges);
}

function exactTree(graph: JoinGraph, planner: JoinPlanner, edges: readonly Edge[]): JoinTree | undefined {
  const count = graph.relations.length;
  if (count > MAX_EXACT) return undefined;
  const best = new Map<RelationSet, JoinTree>();
  for (let i = 0; i < count; i++) best.set(only(i), planner.relation(i));
  let pairs = 0;
  const complete = enumeratePairs(count, withCrossEdges(graph, edges), (a, b) => {
    const [left, right] = [best.get(a), best.get(b)];
    const known = best.get(a | b);
    const tree = left && right && planner.join(left, right, known?.cost);
    if (tree !== undefined && (known === undefined || tree.cost < known.cost)) best.set(a | b, tree);
    return ++pairs < MAX_PAIRS;
  });
  return complete ? best.get(2 ** count - 1) : undefined;
}

/** Joins the two trees with the fewest rows together, again and again; pairs without a condition last. */
function greedyTree(graph: JoinGraph, planner: JoinPlanner, edges: readonly Edge[]): JoinTree | undefined {
  let trees = graph.relations.map((_, i) => planner.relation(i));
  const joined = new Map<string, JoinTree | undefined>();
  const join = (a: JoinTree, b: JoinTree): JoinTree | undefined => {
    const key = `${a.set},${b.set}`;
    if (!joined.has(key)) joined.set(key, planner.join(a, b));
    return joined.get(key);
  };
  while (trees.length > 1) {
    let best: { readonly tree: JoinTree; readonly connected: boolean } | undefined;
    for (const [i, a] of trees.entries()) {
      for (const b of trees.slice(i + 1)) {
        const tree = join(a, b);
        if (tree === undefined) continue;
        const connected = areJoined(edges, a.set, b.set);
        if (best === undefined || (connected === best.connected ? tree.rows < best.tree.rows : connected))
          best = { tree, connected };
      }
    }
    if (best === undefined) return undefined;
    const { tree } = best;
    trees = [...trees.filter(t => t !== tree.left && t !== tree.right), tree];
  }
  return trees[0];
}

const areJoined = (edges: readonly Edge[], a: RelationSet, b: RelationSet): boolean =>
  edges.some(e => (includes(a, e.left) && includes(b, e.right)) || (includes(a, e.right) && includes(b, e.left)));

/** Conditions as edges: between each two members of a class, between the sides of an equality, to attached relations. */
function edgesOf(graph: JoinGraph): readonly Edge[] {
  const edges: Edge[] = [];
  for (const c of graph.classes.all) {
    for (const [i, a] of c.members.entries()) {
      for (const b of c.members.slice(i + 1)) edges.push({ left: a.home, right: b.home });
    }
  }
  for (const [i, { attached }] of graph.relations.entries()) {
    if (attached !== undefined) edges.push({ left: attached.needs, right: only(i) });
  }
  for (const p of graph.predicates) {
    const edge = edgeOf(p.expr, p.needs, graph);
    if (edge !== undefined) edges.push(edge);
  }
  return edges;
}

function edgeOf(expr: BoundExpr, needs: RelationSet, graph: JoinGraph): Edge | undefined {
  // An attached relation is reached through its attachment only.
  if (membersOf(needs).some(i => graph.relations[i]!.attached !== undefined)) return undefined;
  const members = membersOf(needs);
  if (members.length === 2) return { left: only(members[0]!), right: only(members[1]!) };
  if (expr.kind !== 'call' || expr.fn !== '=') return undefined;
  const [left, right] = expr.args.map(a => homes(collectColumns(a), graph)) as [RelationSet, RelationSet];
  return left !== 0 && right !== 0 && (left & right) === 0 && (left | right) === needs ? { left, right } : undefined;
}

function homes(columns: ReadonlySet<ColumnId>, graph: JoinGraph): RelationSet {
  let set = 0;
  for (const id of columns) {
    const home = graph.homeOf.get(id);
    if (home !== undefined) set |= only(home);
  }
  return set;
}

/** Parts of the graph that no simple edge connects may be joined without a condition, each as a whole. */
function withCrossEdges(graph: JoinGraph, edges: readonly Edge[]): readonly Edge[] {
  let parts: RelationSet[] = graph.relations.map((_, i) => only(i));
  for (let merged = true; merged; ) {
    merged = false;
    for (const { left, right } of edges) {
      const a = parts.find(p => includes(p, left));
      const b = parts.find(p => includes(p, right));
      if (a === undefined || b === undefined || a === b) continue;
      parts = [...parts.filter(p => p !== a && p !== b), a | b];
      merged = true;
    }
  }
  const crossed: Edge[] = [];
  // An attached relation alone is reached by its own edge.
  const free = parts.filter(p => !isSingle(p) || graph.relations[indexOf(p)]!.attached === undefined);
  for (const [i, left] of free.entries()) {
    for (const right of free.slice(i + 1)) crossed.push({ left, right });
  }
  return [...edges, ...crossed];
}
