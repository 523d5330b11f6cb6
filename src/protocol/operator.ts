import type { Batch } from '../batch/batch.ts';
import type { OpenContext } from './context.ts';
import type { Step } from './step.ts';

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
  /** Bytes of the struct shared by the node's clones; default 0. */
  readonly sharedBytes?: ((node: Node, partitions: number) => number) | undefined;
  /** What EXPLAIN shows after the kind: `keys: [a, b]`. */
  readonly explain: (node: Node) => readonly (readonly [label: string, text: string])[];
};

/** Starts a pipeline. The driver calls `pull` until `exhausted`. */
export type Source<Node, S = unknown> = {
  readonly open: (node: Node, ctx: OpenContext) => S;
  /** `ready`, `exhausted` or `pending`. */
  readonly pull: (state: S) => Step;
  readonly close?: ((state: S) => void) | undefined;
  /** 1 when the source must run as one clone (it hands on rows in order); default: as many as the query has. */
  readonly partitions?: ((node: Node) => 1 | undefined) | undefined;
};

/** Takes batches and hands on batches. */
export type Transform<Node, S = unknown> = {
  readonly open: (node: Node, ctx: OpenContext) => S;
  readonly push: (state: S, batch: Batch) => Step;
  /** After `has-more`: the next part of the same input's output. */
  readonly resume?: ((state: S) => Step) | undefined;
  readonly close?: ((state: S) => void) | undefined;
};

/**
 * Ends a pipeline. All clones push and `finish`; then one thread calls `seal`; then every clone `complete`s, side by
 * side; then the next pipeline starts. Several pipelines may feed one sink (UNION ALL): `finish` comes after the last.
 */
export type Sink<Node, S = unknown> = {
  readonly open: (node: Node, ctx: OpenContext) => S;
  /** `need-more`, `exhausted` or `pending`. */
  readonly push: (state: S, batch: Batch) => Step;
  /** This clone has seen its last batch. */
  readonly finish?: ((state: S) => void) | undefined;
  /** Once, after all clones finished: size what they share. */
  readonly seal?: ((node: Node, ctx: OpenContext) => void) | undefined;
  /** In parallel, after `seal`: this clone's part of building what is shared. */
  readonly complete?: ((state: S, ctx: OpenContext) => void) | undefined;
  /** Frees what only this clone used; what the next pipeline reads stays (it belongs to the query). */
  readonly close?: ((state: S) => void) | undefined;
};
