import type { Operator } from '../protocol/operator.ts';
import { type FilterNode, filter } from './filter.ts';
import { type ProjectNode, project } from './project.ts';
import { type ScanNode, scan } from './scan.ts';
import { type ValuesNode, values } from './values.ts';

/** Reads its inputs one after the other; the pipelines' cutter knows it, no operator is needed. */
export type UnionAllNode = { readonly kind: 'union-all' };

export type PhysicalNode = ScanNode | ValuesNode | FilterNode | ProjectNode | UnionAllNode;

const operators: {
  readonly [K in Exclude<PhysicalNode['kind'], 'union-all'>]: Operator<Extract<PhysicalNode, { kind: K }>>;
} = {
  scan,
  values,
  filter,
  project,
};

/** The code of a node's kind. */
export function operatorOf(node: PhysicalNode): Operator<PhysicalNode> {
  return (operators as Record<string, Operator<never>>)[node.kind] as unknown as Operator<PhysicalNode>;
}
