import type { PhysicalExpr, PhysicalSortKey } from '../../plan/expr.ts';
import { explainExpr } from '../../plan/physical-expr.ts';
import { explainSortKey } from './explain-nodes.ts';
import type { KeyBounds } from './key-ranges.ts';

/**
 * Where the rows of an exchange go.
 * - `hash`: rows with equal keys (NULL is a key like any other) go to the same partition.
 * - `range`: a row goes to the partition of the range that its key lies in.
 * - `broadcast`: every partition gets all rows.
 * - `gather`: all rows to one partition; with `order`, each sender's rows are in it, and are merged.
 * - `round-robin`: batch by batch to the partitions in turn.
 * - `forward`: a sender's rows go to the partition of its own number.
 */
export type Routing =
  | { readonly kind: 'hash'; readonly keys: readonly PhysicalExpr[] }
  | { readonly kind: 'range'; readonly key: PhysicalExpr; readonly bounds: KeyBounds }
  | { readonly kind: 'broadcast' }
  | { readonly kind: 'gather'; readonly order?: readonly PhysicalSortKey[] | undefined }
  | { readonly kind: 'round-robin' }
  | { readonly kind: 'forward' };

/** Where rows go, as one word and its keys: `hash(#0, #1)`. */
export function explainRouting(to: Routing): string {
  if (to.kind === 'hash') return `hash(${to.keys.map(k => explainExpr(k)).join(', ')})`;
  if (to.kind === 'range') return `range(${explainExpr(to.key)})`;
  if (to.kind === 'gather' && to.order !== undefined)
    return `gather in order (${to.order.map(explainSortKey).join(', ')})`;
  return to.kind;
}
