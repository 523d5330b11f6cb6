import type { HashJoinNode } from '../operators/hash-join.ts';
import type { AppliedFilter, MadeFilter } from '../operators/lib/filters/filter-slot.ts';
import { boundedKey } from '../operators/lib/filters/moving-bound.ts';
import { filterableKey } from '../operators/lib/joins/join-filters.ts';
import { joinShape } from '../operators/lib/joins/join-shape.ts';
import { integerKey } from '../operators/lib/rows/integer-key.ts';
import type { PhysicalPlan } from '../operators/physical-plan.ts';
import { type PhysicalExpr, typeOf } from '../plan/expr.ts';
import { mayReduce } from './may-reduce.ts';

/** A filter under way to the scans; its key is an expression over the columns that the plan hands up. */
type Wanted = AppliedFilter;

/**
 * Lets hash joins filter the scans that their streamed side's rows come from: the stored side is complete before these
 * begin. A filter goes down through all that keeps the key's value and hands up nothing else of rows without it, and
 * across inner joins by their equal keys. Joins whose stored side is a table as a whole have nothing to tell.
 *
 * A top-k bounds its first key for the scans that stream to it, from when it has rows enough.
 */
export function placeRuntimeFilters(plan: PhysicalPlan): PhysicalPlan {
  return new Placing().place(plan, []);
}

class Placing {
  #nextId = 0;
  /** Filters that some scan applies. */
  readonly #applied = new Set<number>();

  place(plan: PhysicalPlan, wanted: readonly Wanted[]): PhysicalPlan {
    const { node, inputs } = plan;
    switch (node.kind) {
      case 'scan': {
        if (wanted.length === 0 || node.limit !== undefined) return plan;
        for (const { id } of wanted) this.#applied.add(id);
        return { ...plan, node: { ...node, runtimeFilters: wanted } };
      }
      case 'filter':
      case 'union-all':
        return this.#withInputs(plan, () => wanted);
      case 'sort':
        return this.#withInputs(plan, () => beforehand(wanted));
      case 'top-k': {
        const bounded = boundedKey(node.keys[0]!);
        if (bounded === undefined) return this.#withInputs(plan, () => []);
        const id = this.#nextId++;
        const placed = this.#withInputs(plan, () => [{ id, ...bounded }]);
        return this.#applied.has(id) ? { ...placed, node: { ...node, bound: id } } : placed;
      }
      case 'project':
        return this.#withInputs(plan, () => renamed(wanted, i => node.exprs[i]));
      case 'hash-aggregate': {
        // A group's rows all have its keys.
        const isPlain = node.groupingSets === undefined && (node.mode === undefined || node.mode === 'single');
        return this.#withInputs(plan, () => (isPlain ? renamed(beforehand(wanted), i => node.keys[i]) : []));
      }
      case 'window': {
        // So have those of a partition.
        const ofInput = renamed(beforehand(wanted), i => inputAt(inputs[0]!, node.columns[i]));
        return this.#withInputs(plan, () => ofInput.filter(w => node.partitionBy.some(p => isSame(p, w.key))));
      }
      case 'unnest':
        return this.#withInputs(plan, () => renamed(wanted, i => inputAt(inputs[0]!, node.keeps[i])));
      case 'shared':
        return this.#withInputs(plan, input => (input === 1 ? wanted : []));
      case 'hash-join':
        return this.#hashJoin(plan, node, wanted);
      case 'nested-loop-join': {
        const width = inputs[0]!.types.length;
        const { joinType } = node;
        const isInner = joinType === 'inner';
        const keepsOuter = isInner || joinType === 'left' || joinType === 'semi' || joinType === 'anti';
        const ofOuter = keepsOuter ? renamed(wanted, i => inputAt(inputs[0]!, i < width ? i : undefined)) : [];
        const ofInner = isInner ? renamed(wanted, i => inputAt(inputs[1]!, i < width ? undefined : i - width)) : [];
        return this.#withInputs(plan, input => (input === 0 ? ofOuter : beforehand(ofInner)));
      }
      default:
        return this.#withInputs(plan, () => []);
    }
  }

  #hashJoin(plan: PhysicalPlan, node: HashJoinNode, wanted: readonly Wanted[]): PhysicalPlan {
    const [probe, build] = [plan.inputs[0]!, plan.inputs[1]!];
    const through = throughJoin(node, probe, build, wanted);
    const { ofProbe } = through;
    const ofBuild = beforehand(through.ofBuild);
    const isSelective = ofBuild.length > 0 || mayReduce(build);
    const made = isSelective && dropsUnmatched(node) ? this.#filtersOf(node) : [];
    const own = made.map(({ id, key }) => ({ id, key: node.probeKeys[key]! }));
    const inputs = [this.place(probe, [...ofProbe, ...own]), this.place(build, ofBuild)];
    const filters = made.filter(f => this.#applied.has(f.id));
    return { ...plan, node: filters.length === 0 ? node : { ...node, filters }, inputs };
  }

  #filtersOf(node: HashJoinNode): readonly MadeFilter[] {
    return node.probeKeys.flatMap((probeKey, key) =>
      filterableKey(node, key) === undefined || carried(probeKey) === undefined ? [] : [{ id: this.#nextId++, key }],
    );
  }

  #withInputs(plan: PhysicalPlan, wantedOf: (input: number) => readonly Wanted[]): PhysicalPlan {
    if (plan.inputs.length === 0) return plan;
    return { ...plan, inputs: plan.inputs.map((p, i) => this.place(p, wantedOf(i))) };
  }
}

/** Filters that are there before the rows are read: bounds move only while rows stream to the top-k. */
const beforehand = (wanted: readonly Wanted[]): Wanted[] => wanted.filter(w => w.keeps === undefined);

/** Whether probe rows without a match come to nothing. */
const dropsUnmatched = ({ joinType, buildSideKept }: HashJoinNode): boolean =>
  joinType === 'inner' || joinType === 'semi' || joinType === 'right' || buildSideKept === true;

/** What of the filters above a join holds for its inputs. */
function throughJoin(
  node: HashJoinNode,
  probe: PhysicalPlan,
  build: PhysicalPlan,
  wanted: readonly Wanted[],
): { readonly ofProbe: readonly Wanted[]; readonly ofBuild: readonly Wanted[] } {
  const { joinType, buildSideKept, probeKeys, buildKeys, nullsEqual } = node;
  const { output } = joinShape(node);
  const width = probe.types.length;
  const keepsBuild = buildSideKept === true;
  const isInner = joinType === 'inner';
  const isKeptProbe = !keepsBuild && ['inner', 'left', 'semi', 'anti', 'mark'].includes(joinType);
  const isKeptBuild = keepsBuild || isInner || joinType === 'right';
  const base = keepsBuild ? 0 : width;
  const ofProbe = isKeptProbe
    ? renamed(wanted, i => inputAt(probe, !keepsBuild && output[i]! < width ? output[i] : undefined))
    : [];
  const ofBuild = isKeptBuild
    ? renamed(wanted, i => inputAt(build, output[i]! >= base ? output[i]! - base : undefined))
    : [];
  // Rows of the one side meet only rows of the other that have the same key.
  const across = (filters: readonly Wanted[], from: readonly PhysicalExpr[], to: readonly PhysicalExpr[]): Wanted[] =>
    filters.flatMap(w => {
      const k = from.findIndex((f, i) => nullsEqual[i] !== true && isSame(f, w.key));
      return k < 0 ? [] : [{ ...w, key: to[k]! }];
    });
  const reachesBuild = isInner || joinType === 'left' || (!keepsBuild && (joinType === 'semi' || joinType === 'anti'));
  const reachesProbe = isInner || joinType === 'right' || keepsBuild;
  return {
    ofProbe: reachesProbe ? [...ofProbe, ...across(ofBuild, buildKeys, probeKeys)] : ofProbe,
    ofBuild: reachesBuild ? [...ofBuild, ...across(ofProbe, probeKeys, buildKeys)] : ofBuild,
  };
}

/** Filters whose key is a column that stands for an input's expression below; the others end here. */
function renamed(wanted: readonly Wanted[], below: (column: number) => PhysicalExpr | undefined): Wanted[] {
  return wanted.flatMap(w => {
    const inner = replaced(w.key, below);
    return inner === undefined ? [] : [{ ...w, key: inner }];
  });
}

/** A column, or one made wider, over what lies below; undefined when the value is computed there in another way. */
function replaced(key: PhysicalExpr, below: (column: number) => PhysicalExpr | undefined): PhysicalExpr | undefined {
  if (key.kind === 'input') return carried(below(key.index));
  if (key.kind !== 'cast') return undefined;
  const input = replaced(key.input, below);
  return input === undefined ? undefined : carried({ ...key, input });
}

/** An expression that a filter may be told in: a column, or a cast of one that keeps every integer. */
function carried(expr: PhysicalExpr | undefined): PhysicalExpr | undefined {
  if (expr === undefined || expr.kind === 'input') return expr;
  if (expr.kind !== 'cast' || carried(expr.input) === undefined) return undefined;
  const [from, to] = [typeOf(expr.input), expr.type];
  if (from.kind !== 'int' || to.kind !== 'int' || integerKey([to]) === undefined) return undefined;
  const isWider = to.bits > from.bits && (to.signed || !from.signed);
  return isWider ? expr : undefined;
}

function inputAt(plan: PhysicalPlan, index: number | undefined): PhysicalExpr | undefined {
  return index === undefined ? undefined : { kind: 'input', index, type: plan.types[index]! };
}

const isSame = (a: PhysicalExpr, b: PhysicalExpr): boolean =>
  a.kind === 'input' && b.kind === 'input' && a.index === b.index;
