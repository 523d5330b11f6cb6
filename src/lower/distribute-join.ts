import type { AsofJoinNode } from '../operators/asof-join.ts';
import type { HashJoinNode } from '../operators/hash-join.ts';
import { emitsBuildRows } from '../operators/lib/joins/join-shape.ts';
import type { KeyBounds } from '../operators/lib/key-ranges.ts';
import type { NestedLoopJoinNode } from '../operators/nested-loop-join.ts';
import type { PhysicalPlan } from '../operators/physical-plan.ts';
import type { PhysicalExpr } from '../plan/expr.ts';
import {
  ANY,
  type Distribution,
  keyIndexes,
  mapKeys,
  moved,
  type PartitionKey,
  SINGLE,
  sameExpr,
} from './distribution.ts';
import { estimatedBytes } from './estimated-bytes.ts';
import { type Exchanges, listed, type Placed, positionIn } from './exchanges.ts';

/** What sending a side costs, by the bytes that are written once and read once. */
const bytesOf = ({ plan }: Placed): number => estimatedBytes(plan, Number.POSITIVE_INFINITY);
const rowsOf = ({ plan }: Placed): number => plan.estimatedRows ?? Number.POSITIVE_INFINITY;

/**
 * Rows with equal keys meet: both sides are dealt by the keys' hash, but for what lies so already; or the smaller side
 * is sent to all partitions, where that costs less and the join's type allows it.
 */
export function distributeHashJoin(
  d: Exchanges,
  plan: PhysicalPlan,
  node: HashJoinNode,
  probe: Placed,
  build: Placed,
): Placed {
  if (isSingle(probe) && isSingle(build)) return joined(plan, probe.plan, build.plan, SINGLE);
  const output = outputOf(node);
  // Whether an element is NULL or missing depends on all rows of the other side.
  if (node.joinType === 'mark') {
    if (isSingle(probe)) return joined(plan, probe.plan, d.gather(build).plan, SINGLE);
    return joined(plan, probe.plan, d.broadcast(build), output.ofProbe(probe.distribution));
  }
  const order = alignment(node, probe, build);
  const { partitions, broadcastRows } = d.options;
  const cost = order.cost;
  const copies = (side: Placed): number =>
    rowsOf(side) <= broadcastRows ? (bytesOf(side) * (1 + partitions)) / 2 : Number.POSITIVE_INFINITY;
  const buildCopies = emitsBuildRows(node) ? Number.POSITIVE_INFINITY : copies(build);
  const probeCopies = handsUpUnmatchedProbe(node) ? Number.POSITIVE_INFINITY : copies(probe);
  if (Math.min(buildCopies, probeCopies) < cost) {
    if (buildCopies <= probeCopies) {
      if (isSingle(probe)) return joined(plan, probe.plan, d.gather(build).plan, SINGLE);
      return joined(plan, probe.plan, d.broadcast(build), output.ofProbe(probe.distribution));
    }
    if (isSingle(build)) return joined(plan, d.gather(probe).plan, build.plan, SINGLE);
    return joined(plan, d.broadcast(probe), build.plan, output.ofBuild(build.distribution));
  }
  const pick = (keys: readonly PhysicalExpr[]): PhysicalExpr[] => order.pairs.map(i => keys[i]!);
  const deal = (side: Placed, keys: readonly PhysicalExpr[]): Placed =>
    order.bounds === undefined ? d.byHash(side, pick(keys)) : d.byRange(side, pick(keys)[0]!, order.bounds);
  const left = order.keepsProbe ? probe : deal(probe, node.probeKeys);
  const right = order.keepsBuild ? build : deal(build, node.buildKeys);
  return joined(plan, left.plan, right.plan, output.ofBoth(left.distribution, right.distribution));
}

/** The side that is seen by every partition must not hand up rows of its own. */
export function distributeLoopJoin(
  d: Exchanges,
  plan: PhysicalPlan,
  { joinType, leftTypes }: NestedLoopJoinNode,
  left: Placed,
  right: Placed,
): Placed {
  if (joinType === 'full') return joined(plan, d.gather(left).plan, d.gather(right).plan, SINGLE);
  if (isSingle(left) && isSingle(right)) return joined(plan, left.plan, right.plan, SINGLE);
  const keepsRight = joinType === 'right' || (joinType === 'inner' && isSingle(left));
  if (keepsRight) {
    if (isSingle(right)) return joined(plan, d.gather(left).plan, right.plan, SINGLE);
    const distribution = mapKeys(right.distribution, e => listed(moved(e, i => leftTypes.length + i)));
    return joined(plan, d.broadcast(left), right.plan, distribution);
  }
  if (isSingle(left)) return joined(plan, left.plan, d.gather(right).plan, SINGLE);
  return joined(plan, left.plan, d.broadcast(right), left.distribution);
}

/** Rows with equal keys meet; without keys every left row must see all right rows. */
export function distributeAsofJoin(
  d: Exchanges,
  plan: PhysicalPlan,
  node: AsofJoinNode,
  left: Placed,
  right: Placed,
): Placed {
  if (isSingle(left) && isSingle(right)) return joined(plan, left.plan, right.plan, SINGLE);
  if (isSingle(left)) return joined(plan, left.plan, d.gather(right).plan, SINGLE);
  const ofLeft = (distribution: Distribution): Distribution =>
    mapKeys(distribution, e => listed(moved(e, i => positionIn(node.output, i))));
  if (node.keys.length === 0) return joined(plan, left.plan, d.broadcast(right), ofLeft(left.distribution));
  const dealt = d.byHash(
    left,
    node.keys.map(k => k.left),
  );
  const others = d.byHash(
    right,
    node.keys.map(k => k.right),
  );
  return joined(plan, dealt.plan, others.plan, ofLeft(dealt.distribution));
}

const isSingle = ({ distribution }: Placed): boolean => distribution.kind === 'single';

const joined = (plan: PhysicalPlan, left: PhysicalPlan, right: PhysicalPlan, distribution: Distribution): Placed => ({
  plan: { ...plan, inputs: [left, right] },
  distribution,
});

/** Whether probe rows without a match are handed up: then a partition must know all build rows that could match. */
const handsUpUnmatchedProbe = ({ joinType, buildSideKept }: HashJoinNode): boolean =>
  buildSideKept !== true && joinType !== 'inner' && joinType !== 'right';

type Alignment = {
  /** The pairs of keys that both sides are dealt by, in order. */
  readonly pairs: readonly number[];
  /** They are dealt by the ranges of the one key, rather than by hash. */
  readonly bounds?: KeyBounds | undefined;
  readonly keepsProbe: boolean;
  readonly keepsBuild: boolean;
  /** Bytes that are sent. */
  readonly cost: number;
};

/** By which keys the sides are dealt: those that one of them is dealt by already, the larger first. */
function alignment(node: HashJoinNode, probe: Placed, build: Placed): Alignment {
  const own = pairsOf(probe.distribution, node.probeKeys);
  const other = pairsOf(build.distribution, node.buildKeys);
  const [bounds, others] = [boundsOf(probe), boundsOf(build)];
  if (own !== undefined && other !== undefined && own.join() === other.join() && bounds === others) {
    return { pairs: own, keepsProbe: true, keepsBuild: true, cost: 0 };
  }
  const probeFirst = other === undefined || rowsOf(probe) >= rowsOf(build);
  if (own !== undefined && probeFirst)
    return { pairs: own, bounds, keepsProbe: true, keepsBuild: false, cost: bytesOf(build) };
  if (other !== undefined)
    return { pairs: other, bounds: others, keepsProbe: false, keepsBuild: true, cost: bytesOf(probe) };
  const all = node.probeKeys.map((_, i) => i);
  return { pairs: all, keepsProbe: false, keepsBuild: false, cost: bytesOf(probe) + bytesOf(build) };
}

/** Of the same scheme are the same bounds. */
const boundsOf = ({ distribution }: Placed): KeyBounds | undefined =>
  distribution.kind === 'keyed' ? distribution.bounds : undefined;

/** The pairs whose keys a side is dealt by, in that order. */
function pairsOf(distribution: Distribution, keys: readonly PhysicalExpr[]): readonly number[] | undefined {
  return distribution.kind === 'keyed' ? keyIndexes(distribution.keys, keys) : undefined;
}

type JoinOutput = {
  /** The distribution of the output when the probe side's rows stay where they are. */
  readonly ofProbe: (distribution: Distribution) => Distribution;
  readonly ofBuild: (distribution: Distribution) => Distribution;
  /** When the sides are dealt alike. */
  readonly ofBoth: (probe: Distribution, build: Distribution) => Distribution;
};

/** How the output's rows lie. Keys of a side that is filled up with NULLs say nothing about where a row is. */
function outputOf(node: HashJoinNode): JoinOutput {
  const { joinType, buildSideKept, output, probeTypes, probeKeys, buildKeys } = node;
  const place = (position: number): number | undefined =>
    output === undefined ? position : positionIn(output, position);
  const hasProbe = buildSideKept !== true && joinType !== 'right' && joinType !== 'full';
  const hasBuild = buildSideKept === true || joinType === 'inner' || joinType === 'right';
  const offset = buildSideKept === true ? 0 : probeTypes.length;
  const fromProbe = (e: PhysicalExpr): readonly PhysicalExpr[] => (hasProbe ? listed(moved(e, place)) : []);
  const fromBuild = (e: PhysicalExpr): readonly PhysicalExpr[] =>
    hasBuild ? listed(moved(e, i => place(offset + i))) : [];
  /** The other side's keys that equal one of these. */
  const equals = (key: PhysicalExpr, own: readonly PhysicalExpr[], other: readonly PhysicalExpr[]): PhysicalExpr[] =>
    own.flatMap((k, i) => (sameExpr(k, key) ? [other[i]!] : []));
  const isInner = joinType === 'inner';
  return {
    ofProbe: d =>
      mapKeys(d, e => [...fromProbe(e), ...(isInner ? equals(e, probeKeys, buildKeys).flatMap(fromBuild) : [])]),
    ofBuild: d =>
      mapKeys(d, e => [...fromBuild(e), ...(isInner ? equals(e, buildKeys, probeKeys).flatMap(fromProbe) : [])]),
    ofBoth: (probe, build) => {
      if (probe.kind !== 'keyed' || build.kind !== 'keyed') return ANY;
      const keys = probe.keys.map(
        (key, i): PartitionKey => [...key.flatMap(fromProbe), ...build.keys[i]!.flatMap(fromBuild)],
      );
      return keys.some(key => key.length === 0) ? ANY : { ...probe, keys };
    },
  };
}
