import type { DataType } from '../types/data-type.ts';
import type { PhysicalNode } from './index.ts';

/**
 * What to run: operator nodes in a tree, as plain JSON-safe data that ships to threads and machines. Expressions name
 * columns by position in the operator's input. Nodes hold their own parameters; the tree alone knows who feeds whom.
 */
export type PhysicalPlan = {
  /** Unique in the plan; profiles and shared structs go by it. */
  readonly id: number;
  readonly node: PhysicalNode;
  readonly inputs: readonly PhysicalPlan[];
  /** Types of the columns handed up. */
  readonly types: readonly DataType[];
  /** Rows that the planner expects. */
  readonly estimatedRows?: number | undefined;
};

/** All nodes of a plan. */
export function* nodesOf({ node, inputs }: PhysicalPlan): Generator<PhysicalNode, void, undefined> {
  yield node;
  if (node.kind === 'shared' || node.kind === 'recursive') yield node.store;
  for (const input of inputs) yield* nodesOf(input);
}
