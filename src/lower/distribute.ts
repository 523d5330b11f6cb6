import { builtinFunctions } from '../functions/registry.ts';
import type { HashJoinNode } from '../operators/hash-join.ts';
import type { PhysicalNode } from '../operators/index.ts';
import type { KeyBounds } from '../operators/lib/key-ranges.ts';
import type { PhysicalPlan } from '../operators/physical-plan.ts';
import type { ScanNode, ScanRanges } from '../operators/scan.ts';
import { tableFunction } from '../sources/index.ts';
import type { DataType } from '../types/data-type.ts';
import { coPartitioned } from './co-partitioned.ts';
import { distributeAggregate, distributeUngrouped } from './distribute-aggregate.ts';
import { distributeAsofJoin, distributeHashJoin, distributeLoopJoin } from './distribute-join.ts';
import { ANY, covers, type Distribution, keyed, mapKeys, moved, projected, SINGLE } from './distribution.ts';
import { above, Exchanges, listed, type Placed, positionIn, reduces, type SeparateOptions } from './exchanges.ts';
import { joinInPlace } from './join-in-place.ts';

/**
 * Makes a plan whose partitions share no memory of one where they do: exchanges stand wherever an operator needs its
 * rows to lie otherwise than its input hands them up, and nowhere else. Its rows end in one partition.
 * @param nextId no part of the plan has it or a higher one as its id
 */
export function distribute(plan: PhysicalPlan, nextId: number, options: SeparateOptions): PhysicalPlan {
  // What counts in the memory of the database (a sequence) must run there: in one piece.
  if (callsIntoMemory(plan)) return plan;
  return new Distributor(nextId, options, coPartitioned(plan, options.partitions)).place(plan);
}

/** One distribution of a plan: knows how the shared subplans above lie. */
class Distributor {
  readonly #options: SeparateOptions;
  readonly #exchanges: Exchanges;
  /** By the ids of scans. */
  readonly #ranges: ReadonlyMap<number, ScanRanges>;
  readonly #shared = new Map<number, Distribution>();

  constructor(nextId: number, options: SeparateOptions, ranges: ReadonlyMap<number, ScanRanges>) {
    this.#options = options;
    this.#ranges = ranges;
    this.#exchanges = new Exchanges(nextId, options);
  }

  /** The plan with its rows in one partition. */
  place(plan: PhysicalPlan): PhysicalPlan {
    return this.#exchanges.gather(this.#visit(plan)).plan;
  }

  /** Places a plan; exchanges come into it where they are needed. */
  #visit(plan: PhysicalPlan): Placed {
    const { node } = plan;
    switch (node.kind) {
      case 'scan':
        return this.#scan(plan, node);
      case 'values':
        return { plan, distribution: SINGLE };
      case 'materialized-scan':
        return this.#materialized(plan, node.shared, node.columns);
      case 'shared':
        return this.#sharedPlan(plan, node.shared);
      case 'filter':
        return this.#rowWise(plan, index => index);
      case 'repeat':
        return this.#rowWise(plan, index => (index < plan.types.length ? index : undefined));
      case 'unnest':
        return this.#rowWise(plan, index => positionIn(node.keeps, index));
      case 'project': {
        const input = this.#visit(plan.inputs[0]!);
        return above(
          plan,
          input,
          mapKeys(input.distribution, e => projected(e, node.exprs)),
        );
      }
      case 'hash-aggregate':
        return distributeAggregate(this.#exchanges, plan, node, this.#visit(plan.inputs[0]!));
      case 'ungrouped-aggregate':
        return distributeUngrouped(this.#exchanges, plan, node, this.#visit(plan.inputs[0]!));
      case 'hash-join':
        return this.#hashJoin(plan, node);
      case 'nested-loop-join':
        return distributeLoopJoin(
          this.#exchanges,
          plan,
          node,
          this.#visit(plan.inputs[0]!),
          this.#visit(plan.inputs[1]!),
        );
      case 'asof-join':
        return distributeAsofJoin(
          this.#exchanges,
          plan,
          node,
          this.#visit(plan.inputs[0]!),
          this.#visit(plan.inputs[1]!),
        );
      case 'sort': {
        const input = this.#visit(plan.inputs[0]!);
        return this.#exchanges.gather(above(plan, input, input.distribution), node.keys);
      }
      case 'top-k': {
        const input = this.#visit(plan.inputs[0]!);
        if (input.distribution.kind === 'single') return above(plan, input, SINGLE);
        const first = { ...node, count: node.count + node.offset, offset: 0 };
        const rows = rowsOfParts(plan, input.plan, first.count, this.#options);
        const parts = this.#on(input, first, plan.types, rows);
        return this.#limit(this.#exchanges.gather(parts, node.keys), plan, node.count, node.offset);
      }
      case 'limit': {
        const input = this.#visit(plan.inputs[0]!);
        if (input.distribution.kind === 'single' || node.count === undefined) {
          return above(plan, this.#exchanges.gather(input), SINGLE);
        }
        const first = { ...node, count: node.count + node.offset, offset: 0 };
        const rows = rowsOfParts(plan, input.plan, first.count, this.#options);
        return this.#limit(
          this.#exchanges.gather(this.#on(input, first, plan.types, rows)),
          plan,
          node.count,
          node.offset,
        );
      }
      case 'distinct-on': {
        const input = this.#visit(plan.inputs[0]!);
        if (covers(input.distribution, node.on)) return above(plan, input, input.distribution);
        if (node.on.length === 0) return above(plan, this.#exchanges.gather(input), SINGLE);
        const firsts = reduces(plan) ? above(plan, input, input.distribution) : input;
        return this.#on(this.#exchanges.byHash(firsts, node.on), node, plan.types, plan.estimatedRows);
      }
      case 'window': {
        const input = this.#visit(plan.inputs[0]!);
        const { partitionBy, columns } = node;
        if (partitionBy.length === 0) return above(plan, this.#exchanges.gather(input), SINGLE);
        const dealt = covers(input.distribution, partitionBy) ? input : this.#exchanges.byHash(input, partitionBy);
        const position = (index: number): number | undefined => positionIn(columns, index);
        return above(
          plan,
          dealt,
          mapKeys(dealt.distribution, e => listed(moved(e, position))),
        );
      }
      case 'union-all':
        return this.#union(plan);
      default:
        // Kinds that nothing is known of run in one piece.
        return { plan: this.#whole(plan), distribution: SINGLE };
    }
  }

  /** Splits, or ranges of a column, are dealt to the partitions; what lies in the client's memory is sent by the client. */
  #scan(plan: PhysicalPlan, node: ScanNode): Placed {
    const ranges = this.#ranges.get(plan.id);
    if (ranges !== undefined) {
      const { column, bounds } = ranges;
      const key = { kind: 'input', index: column, type: plan.types[column]! } as const;
      return { plan: { ...plan, node: { ...node, ranges } }, distribution: keyed([key], bounds) };
    }
    const readsMemory = tableFunction(node.source.fn).readsMemory === true;
    const placed = { plan, distribution: this.#options.partitions === 1 ? SINGLE : ANY };
    return readsMemory ? this.#exchanges.exchange(placed, { kind: 'forward' }, placed.distribution) : placed;
  }

  #hashJoin(plan: PhysicalPlan, node: HashJoinNode): Placed {
    const probe = this.#visit(plan.inputs[0]!);
    const { distribution } = probe;
    if (distribution.kind === 'keyed' && distribution.bounds !== undefined && covers(distribution, node.probeKeys)) {
      const liesBy = (input: PhysicalPlan, column: number, bounds: KeyBounds): boolean => {
        const { distribution: own } = this.#visit(input);
        const key = { kind: 'input', index: column, type: input.types[column]! } as const;
        return own.kind === 'keyed' && own.bounds === bounds && covers(own, [key]);
      };
      const inPlace = joinInPlace(this.#exchanges, plan, distribution.bounds, this.#ranges, liesBy);
      if (inPlace !== undefined) return this.#visit(inPlace);
    }
    return distributeHashJoin(this.#exchanges, plan, node, probe, this.#visit(plan.inputs[1]!));
  }

  #rowWise(plan: PhysicalPlan, position: (index: number) => number | undefined): Placed {
    const input = this.#visit(plan.inputs[0]!);
    return above(
      plan,
      input,
      mapKeys(input.distribution, e => listed(moved(e, position))),
    );
  }

  #on(input: Placed, node: PhysicalNode, types: readonly DataType[], rows?: number): Placed {
    return { plan: this.#exchanges.node(node, [input.plan], types, rows), distribution: input.distribution };
  }

  #limit(input: Placed, { types, estimatedRows }: PhysicalPlan, count: number, offset: number): Placed {
    return this.#on(input, { kind: 'limit', count, offset, types }, types, estimatedRows);
  }

  /** Inputs whose rows lie alike stay; one partition's rows are dealt out when the others' are. */
  #union(plan: PhysicalPlan): Placed {
    const inputs = plan.inputs.map(i => this.#visit(i));
    if (inputs.every(i => i.distribution.kind === 'single')) {
      return { plan: { ...plan, inputs: inputs.map(i => i.plan) }, distribution: SINGLE };
    }
    const dealt = inputs.map(i =>
      i.distribution.kind === 'single' ? this.#exchanges.exchange(i, { kind: 'round-robin' }, ANY) : i,
    );
    return { plan: { ...plan, inputs: dealt.map(i => i.plan) }, distribution: ANY };
  }

  /** The definition's tasks keep its rows for all readers. */
  #sharedPlan(plan: PhysicalPlan, shared: number): Placed {
    const definition = this.#visit(plan.inputs[0]!);
    this.#shared.set(shared, definition.distribution);
    const input = this.#visit(plan.inputs[1]!);
    const kept = this.#exchanges.exchange(definition, { kind: 'forward' }, definition.distribution);
    return { plan: { ...plan, inputs: [kept.plan, input.plan] }, distribution: input.distribution };
  }

  #materialized(plan: PhysicalPlan, shared: number, columns: readonly number[] | undefined): Placed {
    const distribution = this.#shared.get(shared) ?? SINGLE;
    const position = (index: number): number | undefined =>
      columns === undefined ? index : positionIn(columns, index);
    return { plan, distribution: mapKeys(distribution, e => listed(moved(e, position))) };
  }

  /** A plan that runs in one task, with all splits of its scans; only what lies elsewhere is gathered. */
  #whole(plan: PhysicalPlan): PhysicalPlan {
    if (plan.node.kind === 'recursive') return this.#recursive(plan);
    if (this.#isElsewhere(plan)) return this.#exchanges.gather(this.#visit(plan)).plan;
    return { ...plan, inputs: plan.inputs.map(i => this.#whole(i)) };
  }

  #isElsewhere({ node }: PhysicalPlan): boolean {
    if (node.kind === 'scan') return tableFunction(node.source.fn).readsMemory === true;
    return node.kind === 'materialized-scan' && this.#shared.has(node.shared);
  }

  /** A recursion in one task: what its rounds read of elsewhere is received once and kept. */
  #recursive(plan: PhysicalPlan): PhysicalPlan {
    const [anchor, step] = plan.inputs;
    const kept: PhysicalPlan[] = [];
    const reading = (p: PhysicalPlan): PhysicalPlan => {
      if (!this.#isElsewhere(p)) return { ...p, inputs: p.inputs.map(reading) };
      const exprs = p.types.map((type, index) => ({ kind: 'input', index, type }) as const);
      const rows = this.#exchanges.node({ kind: 'project', exprs }, [this.#whole(p)], p.types, p.estimatedRows);
      kept.push(rows);
      return { ...p, node: { kind: 'materialized-scan', shared: rows.id, types: p.types }, inputs: [] };
    };
    const recursive: PhysicalPlan = { ...plan, inputs: [this.#whole(anchor!), reading(step!)] };
    return kept.reduceRight(
      (input, rows) =>
        this.#exchanges.node(
          { kind: 'shared', shared: rows.id, store: { kind: 'materialize' } },
          [rows, input],
          input.types,
          input.estimatedRows,
        ),
      recursive,
    );
  }
}

/** Rows that partitions keep, each at most `count`. */
function rowsOfParts(plan: PhysicalPlan, input: PhysicalPlan, count: number, { partitions }: SeparateOptions): number {
  return Math.min(input.estimatedRows ?? plan.estimatedRows ?? count, count * partitions);
}

function callsIntoMemory({ node, inputs }: PhysicalPlan): boolean {
  return isCallIntoMemory(node) || inputs.some(callsIntoMemory);
}

/** Whether some expression within a node is such a call. */
function isCallIntoMemory(part: unknown): boolean {
  if (typeof part !== 'object' || part === null) return false;
  if (Array.isArray(part)) return part.some(isCallIntoMemory);
  const { kind, fn, overload } = part as {
    readonly kind?: unknown;
    readonly fn?: unknown;
    readonly overload?: unknown;
  };
  if (kind === 'call' && typeof fn === 'string' && typeof overload === 'string') {
    if (builtinFunctions.scalarOverload(fn, overload).readsMemory === true) return true;
  }
  // Sources and constant rows hold no expressions, but much else.
  return Object.entries(part).some(([name, value]) => name !== 'source' && name !== 'rows' && isCallIntoMemory(value));
}
