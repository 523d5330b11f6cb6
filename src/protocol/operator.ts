import type { Batch } from '../batch/batch.ts';
import type { Pieces } from '../common/pieces.ts';
import type { LinearMemory } from '../memory/linear-memory.ts';
import type { OpenContext } from './context.ts';
import type { Step } from './step.ts';

/** Names a filter on which operators of one plan agree: what one has stored keeps another from handing on useless rows. */
export type RuntimeFilterId = number;

/**
 * An operator: code for one kind of node of the physical plan. It knows its node's data and nothing of its neighbours.
 * Its roles decide where pipelines are cut: a node with a `sink` ends the pipeline of the input it is the sink of,
 * and starts the next one with its `source` or takes part in it as a `transform` (the probe side of a join).
 *
 * Every partition has a clone (the state that `open` returns). What clones and roles of a node share lies in linear
 * memory, in the struct at `ctx.shared`; they may run on several threads, one after another or at once.
 */
export type Operator<Node> = {
  readonly kind: string;
  readonly source?: Source<Node> | undefined;
  readonly transform?: Transform<Node> | undefined;
  readonly sink?: Sink<Node> | undefined;
  /** A join that has rows of its stored side left to hand on when the probe side has ended: its `source` runs then. */
  readonly emitsAfterProbe?: ((node: Node) => boolean) | undefined;
  /** Bytes of the struct shared by the node's clones; default 0. */
  readonly sharedBytes?: ((node: Node, partitions: number) => number) | undefined;
  /** The filters that the node's sink makes by the time it is complete, in their slots (`ctx.filterSlot`). */
  readonly makesFilters?: ((node: Node) => readonly RuntimeFilterId[]) | undefined;
  /** What EXPLAIN shows after the kind: `keys: [a, b]`. */
  readonly explain: (node: Node) => readonly (readonly [label: string, text: string])[];
};

/**
 * How much a source has to hand on: `single`: one clone gets all of it; `little`: more clones would be dearer than what
 * they do.
 */
export type Extent = 'single' | 'little' | 'much';

/** Rows that are `little`. */
export const LITTLE_ROWS = 4096;

// Methods rather than function properties: a clone's state type is known to its own operator alone.

/** Starts a pipeline. The driver calls `pull` until `exhausted`. */
export type Source<Node, S = unknown> = {
  open(node: Node, ctx: OpenContext): S;
  /** `ready`, `exhausted`, `pending`, or `need-more` when a piece of long work is done and the next pull goes on. */
  pull(state: S): Step;
  close?(state: S): void;
  /** What EXPLAIN ANALYZE shows of a clone, once it is through; counts of the same name are added up. */
  counts?(state: S): Readonly<Record<string, number>>;
  /** 1 when the source must run as one clone (it hands on rows in order); default: as many as the query has. */
  partitions?(node: Node): 1 | undefined;
  /** Asked when what it reads is complete, by the address of the node's struct; default: `much`. */
  extent?(node: Node, at: { readonly memory: LinearMemory; readonly shared: number }): Extent;
};

/** Takes batches and hands on batches. */
export type Transform<Node, S = unknown> = {
  open(node: Node, ctx: OpenContext): S;
  push(state: S, batch: Batch): Step;
  /** After `has-more`: the next part of the same input's output. */
  resume?(state: S): Step;
  /**
   * After the last batch, again and again until `exhausted`: what this clone has left to hand on.
   * @param isLast no later pipeline streams past the node
   */
  drain?(state: S, isLast: boolean): Step;
  /** What a row takes grows with the rows that are stored: even few rows may be much work. */
  readonly isHeavy?: boolean;
  /** Instead of `drain`, when nobody wants more. */
  abandon?(state: S): void;
  close?(state: S): void;
};

/**
 * Ends a pipeline. All clones push and `finish`; then one thread calls `seal`; then every clone `complete`s, side by
 * side; then the next pipeline starts. Several pipelines may feed one sink (UNION ALL), each with clones of its own:
 * `seal` comes after the last. What takes long is handed back as pieces, for the caller to run to their end.
 */
export type Sink<Node, S = unknown> = {
  open(node: Node, ctx: OpenContext): S;
  /** `need-more`, `exhausted` or `pending`. */
  push(state: S, batch: Batch): Step;
  /** Somebody waits for each of its clones: none may be left out when there is little to do. */
  readonly needsAllClones?: boolean;
  /** This clone has seen its last batch. */
  finish?(state: S): Pieces | undefined;
  /** Once, after all clones finished: size what they share. */
  seal?(node: Node, ctx: OpenContext): Pieces | undefined;
  /** In parallel, after `seal`: this clone's part of building what is shared. */
  complete?(state: S, ctx: OpenContext): Pieces | undefined;
  /** Frees what only this clone used; what the next pipeline reads stays (it belongs to the query). */
  close?(state: S): void;
};
