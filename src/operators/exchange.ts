import type { Operator } from '../protocol/operator.ts';
import { explainRouting, type Routing } from './lib/routing.ts';

/**
 * Rows change partitions: only in plans for separate memories, which are cut here into stages (distribute/stage.ts).
 * What it hands up comes by senders, in the order of their numbers.
 */
export type ExchangeNode = {
  readonly kind: 'exchange';
  readonly to: Routing;
  /** Partitions of the input. */
  readonly senders: number;
  /** Partitions of the output. */
  readonly receivers: number;
  /** The id in the plan of what receives the rows, where something of this node's own id stands above it. */
  readonly received: number;
};

/** Stands for the place of a cut: nothing runs it. */
export const exchange: Operator<ExchangeNode> = {
  kind: 'exchange',
  explain: node => [['to', explainRouting(node.to)]],
};
