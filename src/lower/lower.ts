import { assertNever, invariant } from '../common/errors.ts';
import type { HashAggregateNode } from '../operators/hash-aggregate.ts';
import type { PhysicalNode } from '../operators/index.ts';
import type { PhysicalPlan } from '../operators/physical-plan.ts';
import { estimateRows } from '../plan/cardinality.ts';
import { exprsOf, idsOf, outputOf, windowCallExprs } from '../plan/columns.ts';
import type { ColumnId } from '../plan/expr.ts';
import type { BoundQuery, BoundSource, Column, LogicalPlan, PlanOf, SharedId } from '../plan/logical-plan.ts';
import { inputsOf } from '../plan/rewrite.ts';
import { toPhysical } from '../plan/to-physical.ts';
import type { DataType } from '../types/data-type.ts';
import { groupInSteps } from './group-in-steps.ts';
import { lowerAsofJoin } from './lower-asof-join.ts';
import { lowerJoin } from './lower-join.ts';
import { lowerSetOp } from './lower-set-op.ts';
import { lowerUnnest } from './lower-unnest.ts';
import { lowerValues } from './lower-values.ts';
import { placeRuntimeFilters } from './place-runtime-filters.ts';
import {
  columnsOf,
  columnsOfAggregates,
  positionsOf,
  toPhysicalAggregate,
  toPhysicalKeys,
  toPhysicalWindowCall,
} from './positions.ts';

/** A physical plan and which columns it hands up, in order: at least the required ones. */
export type Lowered = { readonly plan: PhysicalPlan; readonly columns: readonly ColumnId[] };

/** Where a plan's partitions run: in one memory, where they merge what they made, or in memories of their own. */
type PartitionMemory = 'shared' | 'separate';

/**
 * Turns a bound plan into operators: column ids become positions, joins get an algorithm and a stored side.
 * The result hands up the query's output columns in order.
 */
export const lower = (query: BoundQuery): PhysicalPlan => placeRuntimeFilters(lowered(query, 'shared').plan);

/** The operators of a plan, without what they tell each other while they run; `nextId`: no node has it or a higher one. */
export function lowered(
  query: BoundQuery,
  memory: PartitionMemory,
): { readonly plan: PhysicalPlan; readonly nextId: number } {
  const lowering = new Lowering(memory);
  const ids = query.output.map(c => c.id);
  const { plan } = lowering.arrange(lowering.lower(query.plan, new Set(ids)), ids);
  return { plan, nextId: lowering.nextId };
}

/** A shared subplan, or the rows of a recursion's last round. */
type Shared = {
  readonly id: number;
  readonly lowered: Pick<Lowered, 'columns'> & { readonly plan: Pick<PhysicalPlan, 'types'> };
  readonly isRecursion: boolean;
};

/** One lowering: numbers the nodes, and knows what the shared subplans above hand up. */
export class Lowering {
  #nextId = 0;
  readonly #memory: PartitionMemory;
  readonly #shared = new Map<SharedId, Shared>();

  constructor(memory: PartitionMemory) {
    this.#memory = memory;
  }

  /** The id of the node that would come next. */
  get nextId(): number {
    return this.#nextId;
  }

  node(
    node: PhysicalNode,
    inputs: readonly PhysicalPlan[],
    types: readonly DataType[],
    estimatedRows?: number,
  ): PhysicalPlan {
    return { id: this.#nextId++, node, inputs, types, estimatedRows };
  }

  /** Lowers a plan; columns not required may be left out. */
  lower(plan: LogicalPlan, required: ReadonlySet<ColumnId>): Lowered {
    switch (plan.kind) {
      case 'scan':
        return this.#scan(plan, required);
      case 'values':
        return lowerValues(plan, this);
      case 'empty':
        return this.#constantRows(plan.columns, []);
      case 'filter': {
        const input = this.lower(plan.input, union(required, columnsOf([plan.predicate])));
        const predicate = toPhysical(plan.predicate, positionsOf(input.columns));
        return this.#above(input, { kind: 'filter', predicate }, plan);
      }
      case 'project':
        return this.#project(plan, required, input => this.lower(plan.input, input));
      case 'aggregate':
        return this.#aggregate(plan, required);
      case 'join':
        return lowerJoin(plan, required, this);
      case 'asof-join':
        return lowerAsofJoin(plan, required, this);
      case 'sort': {
        const input = this.lower(plan.input, union(required, columnsOf(plan.keys.map(k => k.expr))));
        const keys = toPhysicalKeys(plan.keys, positionsOf(input.columns));
        return this.#above(input, { kind: 'sort', keys, types: input.plan.types }, plan);
      }
      case 'top-k': {
        const input = this.lower(plan.input, union(required, columnsOf(plan.keys.map(k => k.expr))));
        const keys = toPhysicalKeys(plan.keys, positionsOf(input.columns));
        const { count, offset } = plan;
        return this.#above(input, { kind: 'top-k', keys, count, offset, types: input.plan.types }, plan);
      }
      case 'limit': {
        const { count, offset } = plan;
        const input = this.#limited(plan.input, required, count === undefined ? undefined : count + offset);
        return this.#above(input, { kind: 'limit', count, offset, types: input.plan.types }, plan);
      }
      case 'limit-by': {
        const { count, offset, percent } = plan;
        const input = this.lower(plan.input, union(required, columnsOf(exprsOf(plan))));
        const at = positionsOf(input.columns);
        const physical = (e: typeof count) => e && toPhysical(e, at);
        const values = { count: physical(count), offset: physical(offset), percent };
        return this.#above(input, { kind: 'limit-by', ...values, types: input.plan.types }, plan);
      }
      case 'distinct-on': {
        const used = columnsOf([...plan.on, ...plan.orderBy.map(k => k.expr)]);
        const input = this.lower(plan.input, union(required, used));
        const at = positionsOf(input.columns);
        const on = plan.on.map(e => toPhysical(e, at));
        const orderBy = toPhysicalKeys(plan.orderBy, at);
        return this.#above(input, { kind: 'distinct-on', on, orderBy, types: input.plan.types }, plan);
      }
      case 'unnest':
        return lowerUnnest(plan, required, this);
      case 'window':
        return this.#window(plan, required);
      case 'set-op':
        return lowerSetOp(plan, this);
      case 'shared':
        return this.#sharedPlan(plan, required);
      case 'recursive':
        return this.#recursive(plan);
      case 'shared-ref':
        return this.#sharedRef(plan);
      case 'insert':
      case 'copy':
        invariant(false, `${plan.kind} is run by the session over its input's rows`);
        break;
      default:
        return assertNever(plan);
    }
  }

  /** Whether a plan reads the rows of a recursion's last round. */
  readsRound(plan: LogicalPlan): boolean {
    if (plan.kind === 'shared-ref') return this.#shared.get(plan.id)?.isRecursion === true;
    return inputsOf(plan).some(input => this.readsRound(input));
  }

  /** Drops columns that are not required. */
  keep(input: Lowered, required: ReadonlySet<ColumnId>): Lowered {
    return this.arrange(
      input,
      input.columns.filter(id => required.has(id)),
    );
  }

  /** Hands up exactly these columns, in this order. */
  arrange(input: Lowered, columns: readonly ColumnId[]): Lowered {
    if (columns.length === input.columns.length && columns.every((id, i) => id === input.columns[i])) return input;
    const at = positionsOf(input.columns);
    const exprs = columns.map(id => {
      const index = at.get(id);
      invariant(index !== undefined, `column ${id} is not handed up`);
      return { kind: 'input', index, type: input.plan.types[index]! } as const;
    });
    const types = exprs.map(e => e.type);
    return { columns, plan: this.node({ kind: 'project', exprs }, [input.plan], types, input.plan.estimatedRows) };
  }

  #above(input: Lowered, node: PhysicalNode, plan: LogicalPlan): Lowered {
    return { columns: input.columns, plan: this.node(node, [input.plan], input.plan.types, estimateRows(plan)) };
  }

  #constantRows(columns: readonly Column[], rows: PlanOfValues['rows']): Lowered {
    const types = columns.map(c => c.type);
    return {
      columns: columns.map(c => c.id),
      plan: this.node({ kind: 'values', types, rows }, [], types, rows.length),
    };
  }

  #scan(plan: PlanOf<'scan'>, required: ReadonlySet<ColumnId>): Lowered {
    const read = union(required, columnsOf(plan.filters));
    const wanted = plan.columns.filter(c => read.has(c.column.id));
    const columns = wanted.map(c => c.column.id);
    const types = wanted.map(c => c.column.type);
    const at = positionsOf(columns);
    const node: PhysicalNode = {
      kind: 'scan',
      source: withRangesOf(
        plan.source,
        wanted.map(c => c.index),
      ),
      columns: wanted.map(c => c.index),
      types,
      filters: plan.filters.map(f => toPhysical(f, at)),
      limit: plan.limit,
    };
    return this.keep({ columns, plan: this.node(node, [], types, estimateRows(plan)) }, required);
  }

  /** The input of a limit: a recursion, which may have no end, stops when there are enough rows. */
  #limited(plan: LogicalPlan, required: ReadonlySet<ColumnId>, enough: number | undefined): Lowered {
    if (plan.kind === 'recursive') return this.#recursive(plan, enough);
    if (plan.kind !== 'project') return this.lower(plan, required);
    return this.#project(plan, required, input => this.#limited(plan.input, input, enough));
  }

  #project(
    plan: PlanOf<'project'>,
    required: ReadonlySet<ColumnId>,
    lowerInput: (required: ReadonlySet<ColumnId>) => Lowered,
  ): Lowered {
    const wanted = plan.columns.filter(c => required.has(c.column.id));
    const input = lowerInput(columnsOf(wanted.map(c => c.expr)));
    const at = positionsOf(input.columns);
    const exprs = wanted.map(c => toPhysical(c.expr, at));
    const columns = wanted.map(c => c.column.id);
    // A projection that hands its input on as it is needs no operator.
    const same = exprs.length === input.columns.length && exprs.every((e, i) => e.kind === 'input' && e.index === i);
    if (same) return { columns, plan: input.plan };
    const types = wanted.map(c => c.column.type);
    return { columns, plan: this.node({ kind: 'project', exprs }, [input.plan], types, estimateRows(plan)) };
  }

  #aggregate(plan: PlanOf<'aggregate'>, required: ReadonlySet<ColumnId>): Lowered {
    const wanted = plan.aggregates.filter(a => required.has(a.column.id));
    const used = union(columnsOf(plan.keys.map(k => k.expr)), columnsOfAggregates(wanted.map(a => a.aggregate)));
    const input = this.lower(plan.input, used);
    const at = positionsOf(input.columns);
    const aggregates = wanted.map(a => toPhysicalAggregate(a.aggregate, at));
    const aggregateColumns = wanted.map(a => a.column);
    if (plan.keys.length === 0 && plan.groupingSets === undefined) {
      const types = aggregateColumns.map(c => c.type);
      const node: PhysicalNode = { kind: 'ungrouped-aggregate', aggregates };
      return { columns: aggregateColumns.map(c => c.id), plan: this.node(node, [input.plan], types, 1) };
    }
    const handedUp = [...plan.keys.map(k => k.column), ...aggregateColumns];
    if (plan.groupingId !== undefined) handedUp.push(plan.groupingId);
    const node: HashAggregateNode = {
      kind: 'hash-aggregate',
      keys: plan.keys.map(k => toPhysical(k.expr, at)),
      groupingSets: plan.groupingSets,
      groupingId: plan.groupingId !== undefined,
      aggregates,
    };
    const types = handedUp.map(c => c.type);
    const bySets = estimateRows(plan);
    const lowered = { columns: handedUp.map(c => c.id), plan: this.node(node, [input.plan], types, bySets) };
    // Without shared memory, states meet in two steps anyway.
    if (plan.groupingSets === undefined || this.#memory === 'separate') return lowered;
    const groups = { finest: estimateRows({ ...plan, groupingSets: undefined }), bySets };
    const inSteps = groupInSteps(node, input.plan, types, groups, this);
    return inSteps === undefined ? lowered : { ...lowered, plan: inSteps };
  }

  #window(plan: PlanOf<'window'>, required: ReadonlySet<ColumnId>): Lowered {
    const wanted = plan.functions.filter(w => required.has(w.column.id));
    if (wanted.length === 0) return this.lower(plan.input, required);
    const exprs = [
      ...plan.partitionBy,
      ...plan.orderBy.map(k => k.expr),
      ...wanted.flatMap(w => windowCallExprs(w.call)),
    ];
    const input = this.lower(plan.input, union(required, columnsOf(exprs)));
    const at = positionsOf(input.columns);
    const kept = input.columns.filter(id => required.has(id));
    const columns = kept.map(id => at.get(id)!);
    const node: PhysicalNode = {
      kind: 'window',
      partitionBy: plan.partitionBy.map(e => toPhysical(e, at)),
      orderBy: toPhysicalKeys(plan.orderBy, at),
      functions: wanted.map(w => toPhysicalWindowCall(w.call, at)),
      columns,
      types: input.plan.types,
      ...(plan.limit === undefined ? {} : { limit: plan.limit }),
    };
    const types = [...columns.map(i => input.plan.types[i]!), ...wanted.map(w => w.column.type)];
    return {
      columns: [...kept, ...wanted.map(w => w.column.id)],
      plan: this.node(node, [input.plan], types, estimateRows(plan)),
    };
  }

  #sharedPlan(plan: PlanOf<'shared'>, required: ReadonlySet<ColumnId>): Lowered {
    const definition = this.lower(plan.definition, idsOf(plan.definition));
    const id = this.#nextId++;
    this.#shared.set(plan.id, { id, lowered: definition, isRecursion: false });
    const input = this.lower(plan.input, required);
    const store = { kind: 'materialize' } as const;
    const node: PhysicalNode = { kind: 'shared', shared: id, store };
    return {
      columns: input.columns,
      plan: this.node(node, [definition.plan, input.plan], input.plan.types, input.plan.estimatedRows),
    };
  }

  #recursive(plan: PlanOf<'recursive'>, enough?: number): Lowered {
    const types = plan.columns.map(c => c.type);
    const columns = plan.columns.map(c => c.id);
    const inputOf = (input: LogicalPlan): PhysicalPlan => {
      const ids = outputOf(input).map(c => c.id);
      return this.arrange(this.lower(input, new Set(ids)), ids).plan;
    };
    const anchor = inputOf(plan.anchor);
    const id = this.#nextId++;
    this.#shared.set(plan.id, { id, lowered: { columns, plan: { types } }, isRecursion: true });
    const step = inputOf(plan.step);
    const store = { kind: 'recursion', all: plan.all, types } as const;
    const node: PhysicalNode = { kind: 'recursive', recursion: id, store, enough };
    return { columns, plan: this.node(node, [anchor, step], types, estimateRows(plan)) };
  }

  #sharedRef(plan: PlanOf<'shared-ref'>): Lowered {
    const shared = this.#shared.get(plan.id);
    invariant(shared !== undefined, `shared subplan ${plan.id} is not defined above`);
    const { columns, plan: definition } = shared.lowered;
    const at = positionsOf(columns);
    const indexes = plan.source.map(id => {
      const index = at.get(id);
      invariant(index !== undefined, `column ${id} is not handed up by the shared subplan`);
      return index;
    });
    const types = indexes.map(i => definition.types[i]!);
    const read = { types: definition.types, columns: indexes };
    const node: PhysicalNode = shared.isRecursion
      ? { kind: 'recursion-scan', recursion: shared.id, rows: 'last-round', ...read }
      : { kind: 'materialized-scan', shared: shared.id, ...read };
    return { columns: plan.columns.map(c => c.id), plan: this.node(node, [], types, estimateRows(plan)) };
  }
}

type PlanOfValues = Extract<PhysicalNode, { kind: 'values' }>;

function union<T>(a: ReadonlySet<T>, b: ReadonlySet<T>): Set<T> {
  return new Set([...a, ...b]);
}

/** A source whose splits tell of the columns that are read alone: threads are sent it. */
function withRangesOf(source: BoundSource, columns: readonly number[]): BoundSource {
  const splits = source.splits.map(split => {
    const { ranges } = split;
    if (ranges === undefined) return split;
    return { ...split, ranges: Object.fromEntries(columns.flatMap(c => (ranges[c] ? [[c, ranges[c]]] : []))) };
  });
  return { ...source, splits };
}
