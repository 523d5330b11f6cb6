import type { PhysicalNode } from '../operators/index.ts';
import type { KeyBounds } from '../operators/lib/key-ranges.ts';
import type { Routing } from '../operators/lib/routing.ts';
import type { PhysicalPlan } from '../operators/physical-plan.ts';
import { type InputRef, type PhysicalExpr, type PhysicalSortKey, typeOf } from '../plan/expr.ts';
import type { DataType } from '../types/data-type.ts';
import { ANY, type Distribution, keyed, SINGLE } from './distribution.ts';
import { readByAll } from './read-by-all.ts';

/** How a plan for separate memories is made. */
export type SeparateOptions = {
  /** Tasks that an operator's work is dealt to. */
  readonly partitions: number;
  /** A join's side of at most so many rows may be sent to every partition rather than be dealt by the keys; 0: never. */
  readonly broadcastRows: number;
};

/** A plan, and how its rows lie in partitions. */
export type Placed = { readonly plan: PhysicalPlan; readonly distribution: Distribution };

/** Puts exchanges on plans, and numbers the nodes that come in. */
export class Exchanges {
  readonly options: SeparateOptions;
  #nextId: number;

  /** @param nextId no node of the plan has it or a higher one */
  constructor(nextId: number, options: SeparateOptions) {
    this.options = options;
    this.#nextId = nextId;
  }

  node(
    node: PhysicalNode,
    inputs: readonly PhysicalPlan[],
    types: readonly DataType[],
    estimatedRows?: number,
  ): PhysicalPlan {
    return { id: this.#nextId++, node, inputs, types, estimatedRows };
  }

  /** The rows where the distribution's rows must be: in one partition, merged in an order when one is asked for. */
  gather(input: Placed, order?: readonly PhysicalSortKey[]): Placed {
    if (input.distribution.kind === 'single') return input;
    return this.exchange(input, order === undefined ? { kind: 'gather' } : { kind: 'gather', order }, SINGLE);
  }

  /** Rows with equal keys in one partition. */
  byHash(input: Placed, keys: readonly PhysicalExpr[]): Placed {
    return this.exchange(input, { kind: 'hash', keys }, keyed(keys));
  }

  /** Rows with a key of one range in one partition. */
  byRange(input: Placed, key: PhysicalExpr, bounds: KeyBounds): Placed {
    return this.exchange(input, { kind: 'range', key, bounds }, keyed([key], bounds));
  }

  /** All rows in every partition: sent, or read there if they are a few of files. */
  broadcast(input: Placed): PhysicalPlan {
    return readByAll(input.plan) ?? this.exchange(input, { kind: 'broadcast' }, ANY).plan;
  }

  /** The same rows with expressions as columns behind their own, where they are not columns yet. */
  withColumns(input: Placed, exprs: readonly PhysicalExpr[]): { readonly input: Placed; readonly columns: InputRef[] } {
    if (exprs.every(e => e.kind === 'input')) return { input, columns: [...(exprs as readonly InputRef[])] };
    const { types, estimatedRows } = input.plan;
    const all = [...columnsOfTypes(types), ...exprs];
    const plan = this.node({ kind: 'project', exprs: all }, [input.plan], all.map(typeOf), estimatedRows);
    const columns = columnsOfTypes(exprs.map(typeOf), types.length);
    return { input: { plan, distribution: input.distribution }, columns };
  }

  exchange(input: Placed, to: Routing, distribution: Distribution): Placed {
    const { types, estimatedRows } = input.plan;
    const senders = this.#partitions(input.distribution);
    const receivers = to.kind === 'gather' ? 1 : to.kind === 'forward' ? senders : this.options.partitions;
    return {
      plan: this.node(
        { kind: 'exchange', to, senders, receivers, received: this.#nextId++ },
        [input.plan],
        types,
        estimatedRows,
      ),
      distribution,
    };
  }

  #partitions(distribution: Distribution): number {
    return distribution.kind === 'single' ? 1 : this.options.partitions;
  }
}

/** The operator over another input. */
export function above(plan: PhysicalPlan, input: Placed, distribution: Distribution): Placed {
  return { plan: { ...plan, inputs: [input.plan] }, distribution };
}

/** Whether an operator is expected to hand up less than half of its input's rows. */
export function reduces({ estimatedRows = 0, inputs: [input] }: PhysicalPlan): boolean {
  return estimatedRows < 0.5 * (input!.estimatedRows ?? Number.POSITIVE_INFINITY);
}

/** References to all columns of these types, from a position on. */
export const columnsOfTypes = (types: readonly DataType[], from = 0): InputRef[] =>
  types.map((type, i) => ({ kind: 'input', index: from + i, type }));

/** Where a column stands among those that are handed on. */
export function positionIn(columns: readonly number[], column: number): number | undefined {
  const at = columns.indexOf(column);
  return at < 0 ? undefined : at;
}

export const listed = <T>(value: T | undefined): readonly T[] => (value === undefined ? [] : [value]);
