import type { PhysicalPlan } from '../operators/physical-plan.ts';

/** Whether a plan may hand up fewer distinct values of its columns than the tables below have. */
export function mayReduce({ node, inputs }: PhysicalPlan): boolean {
  switch (node.kind) {
    case 'scan':
      return node.filters.length > 0 || node.limit !== undefined;
    case 'project':
    case 'sort':
    case 'materialize':
    case 'union-all':
    case 'unnest':
    case 'window':
      return inputs.some(mayReduce);
    case 'hash-aggregate':
    case 'shared':
      return inputs.some(mayReduce);
    case 'hash-join':
      // Each row of a table usually finds its match in a whole one.
      return node.residual !== undefined || node.joinType === 'anti' || inputs.some(mayReduce);
    default:
      return true;
  }
}
