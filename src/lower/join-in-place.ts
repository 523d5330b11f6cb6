import type { HashJoinNode } from '../operators/hash-join.ts';
import { joinShape } from '../operators/lib/joins/join-shape.ts';
import type { KeyBounds } from '../operators/lib/key-ranges.ts';
import type { PhysicalPlan } from '../operators/physical-plan.ts';
import type { ScanRanges } from '../operators/scan.ts';
import type { InputRef, PhysicalExpr } from '../plan/expr.ts';
import { estimatedBytes } from './estimated-bytes.ts';
import type { Exchanges } from './exchanges.ts';

/** Whether a plan's rows lie by the ranges of one of its columns. */
type LiesBy = (plan: PhysicalPlan, column: number, bounds: KeyBounds) => boolean;

/**
 * Two inner joins in another order: `a ⋈ (b ⋈ c)` as `(a ⋈ c) ⋈ b`, where `a` and `c` are files that tasks read by the same ranges
 * of the key, and `c` would be sent for the join with `b`, so that all of it had to be sent to `a`. What is sent
 * instead are the rows of `a ⋈ c`: undefined where these are expected to be more bytes.
 * @param ranges of scans by their ids
 * @param bounds by which the rows of the join's streamed side lie, by its one key
 */
export function joinInPlace(
  d: Exchanges,
  plan: PhysicalPlan,
  bounds: KeyBounds,
  ranges: ReadonlyMap<number, ScanRanges>,
  liesBy: LiesBy,
): PhysicalPlan | undefined {
  const outer = plan.node as HashJoinNode;
  const [probe, build] = [plan.inputs[0]!, plan.inputs[1]!];
  const [key] = outer.buildKeys;
  if (!isPlainInner(outer) || outer.buildKeys.length !== 1 || key?.kind !== 'input') return undefined;
  if (originBounds(build, key.index, ranges) !== bounds || liesBy(build, key.index, bounds)) return undefined;
  const { estimatedRows: rows } = plan;
  if (rows === undefined || !build.estimatedRows) return undefined;
  const sinking: Sinking = {
    d,
    outer,
    probe,
    liesBy: (p, c) => liesBy(p, c, bounds),
    part: rows / build.estimatedRows,
  };
  const { output } = joinShape(outer);
  const width = probe.types.length;
  const ofProbe = output.filter(i => i < width);
  const ofBuild = output.filter(i => i >= width).map(i => i - width);
  const sunk = sink(sinking, build, key.index, { ofProbe, ofBuild });
  if (sunk === undefined || estimatedBytes(sunk.innermost, 0) >= estimatedBytes(build, 0)) return undefined;
  const exprs = output.map(i => columnOf(sunk.plan, i < width ? sunk.ofProbe.get(i)! : sunk.ofBuild.get(i - width)!));
  return d.node({ kind: 'project', exprs }, [sunk.plan], plan.types, rows);
}

type Sinking = {
  readonly d: Exchanges;
  readonly outer: HashJoinNode;
  readonly probe: PhysicalPlan;
  readonly liesBy: (plan: PhysicalPlan, column: number) => boolean;
  /** Rows of the join for each row of its stored side. */
  readonly part: number;
};

/** Columns of the streamed side, and of what it is joined with, that are handed on. */
type Wanted = { readonly ofProbe: readonly number[]; readonly ofBuild: readonly number[] };

type Sunk = {
  readonly plan: PhysicalPlan;
  /** Where these columns are in the plan's. */
  readonly ofProbe: ReadonlyMap<number, number>;
  readonly ofBuild: ReadonlyMap<number, number>;
  /** The join that is made in place. */
  readonly innermost: PhysicalPlan;
};

/** Joins the streamed side with the innermost input of a plan that has the key, and that with the rest of the plan. */
function sink(sinking: Sinking, plan: PhysicalPlan, key: number, wanted: Wanted): Sunk | undefined {
  const { d, outer, probe, liesBy, part } = sinking;
  const rows = part * (plan.estimatedRows ?? 0);
  if (liesBy(plan, key)) {
    const keys = { probeKeys: outer.probeKeys, buildKeys: [columnOf(plan, key)], nullsEqual: outer.nullsEqual };
    const { ofProbe, ofBuild } = wanted;
    const joined = innerJoin(d, probe, plan, keys, ofProbe, ofBuild, rows);
    return { plan: joined.plan, ofProbe: joined.ofProbe, ofBuild: joined.ofBuild, innermost: joined.plan };
  }
  const { node } = plan;
  if (node.kind !== 'hash-join' || !isPlainInner(node)) return undefined;
  const { output } = joinShape(node);
  const width = plan.inputs[0]!.types.length;
  /** The side, and the column of it, that a column of the plan comes from. */
  const placeOf = (column: number): readonly [0 | 1, number] =>
    output[column]! < width ? [0, output[column]!] : [1, output[column]! - width];
  const [side, ownKey] = placeOf(key);
  const [own, other] = side === 0 ? [node.probeKeys, node.buildKeys] : [node.buildKeys, node.probeKeys];
  if (!own.every(isInput)) return undefined;
  const columnsOf = (from: 0 | 1): number[] =>
    wanted.ofBuild.map(placeOf).flatMap(([s, column]) => (s === from ? [column] : []));
  const ofBuild = [...new Set([...columnsOf(side), ...own.map(k => k.index)])];
  const below = sink(sinking, plan.inputs[side]!, ownKey, { ofProbe: wanted.ofProbe, ofBuild });
  if (below === undefined) return undefined;
  const rest = plan.inputs[1 - side]!;
  const isStored = (below.plan.estimatedRows ?? 0) <= (rest.estimatedRows ?? 0);
  const moved = own.map(k => columnOf(below.plan, below.ofBuild.get(k.index)!));
  const ofRest = columnsOf(side === 0 ? 1 : 0);
  const ofBelow = [
    ...new Set([...wanted.ofProbe.map(c => below.ofProbe.get(c)!), ...columnsOf(side).map(c => below.ofBuild.get(c)!)]),
  ];
  const joined = isStored
    ? innerJoin(d, rest, below.plan, { ...node, probeKeys: other, buildKeys: moved }, ofRest, ofBelow, rows)
    : innerJoin(d, below.plan, rest, { ...node, probeKeys: moved, buildKeys: other }, ofBelow, ofRest, rows);
  const [inBelow, inRest] = isStored ? [joined.ofBuild, joined.ofProbe] : [joined.ofProbe, joined.ofBuild];
  return {
    plan: joined.plan,
    ofProbe: new Map(wanted.ofProbe.map(c => [c, inBelow.get(below.ofProbe.get(c)!)!])),
    ofBuild: new Map(
      wanted.ofBuild.map(c => {
        const [from, column] = placeOf(c);
        return [c, from === side ? inBelow.get(below.ofBuild.get(column)!)! : inRest.get(column)!];
      }),
    ),
    innermost: below.innermost,
  };
}

/** A join that hands up some columns of both sides. */
function innerJoin(
  d: Exchanges,
  probe: PhysicalPlan,
  build: PhysicalPlan,
  { probeKeys, buildKeys, nullsEqual }: Pick<HashJoinNode, 'probeKeys' | 'buildKeys' | 'nullsEqual'>,
  ofProbe: readonly number[],
  ofBuild: readonly number[],
  rows: number,
) {
  const width = probe.types.length;
  const rising = (columns: readonly number[]): number[] => [...new Set(columns)].sort((a, b) => a - b);
  const [left, right] = [rising(ofProbe), rising(ofBuild)];
  const node: HashJoinNode = {
    kind: 'hash-join',
    joinType: 'inner',
    probeKeys,
    buildKeys,
    nullsEqual,
    probeTypes: probe.types,
    buildTypes: build.types,
    output: [...left, ...right.map(c => width + c)],
  };
  const types = [...left.map(c => probe.types[c]!), ...right.map(c => build.types[c]!)];
  return {
    plan: d.node(node, [probe, build], types, rows),
    ofProbe: new Map(left.map((c, i) => [c, i])),
    ofBuild: new Map(right.map((c, i) => [c, left.length + i])),
  };
}

/** The bounds of the ranges by which tasks read the column of a scan that a column comes from. */
function originBounds(
  plan: PhysicalPlan,
  column: number,
  ranges: ReadonlyMap<number, ScanRanges>,
): KeyBounds | undefined {
  const { node, inputs } = plan;
  switch (node.kind) {
    case 'scan': {
      const found = ranges.get(plan.id);
      return found?.column === column ? found.bounds : undefined;
    }
    case 'filter':
      return originBounds(inputs[0]!, column, ranges);
    case 'project': {
      const expr = node.exprs[column]!;
      return expr.kind === 'input' ? originBounds(inputs[0]!, expr.index, ranges) : undefined;
    }
    case 'hash-join': {
      if (!isPlainInner(node)) return undefined;
      const position = joinShape(node).output[column]!;
      const width = inputs[0]!.types.length;
      return position < width
        ? originBounds(inputs[0]!, position, ranges)
        : originBounds(inputs[1]!, position - width, ranges);
    }
    default:
      return undefined;
  }
}

const isPlainInner = ({ joinType, residual }: HashJoinNode): boolean => joinType === 'inner' && residual === undefined;
const isInput = (expr: PhysicalExpr): expr is InputRef => expr.kind === 'input';
const columnOf = ({ types }: PhysicalPlan, index: number): InputRef => ({ kind: 'input', index, type: types[index]! });
