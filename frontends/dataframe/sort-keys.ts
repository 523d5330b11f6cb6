import type { SortKey } from '../../src/query/expr.ts';
import type { Any } from './column-types.ts';
import { keyOf } from './expr-impl.ts';
import { name } from './expr-node.ts';
import { withoutLostConditions } from './lost-condition.ts';
import { rowColumns } from './row-columns.ts';
import { NamedOrder } from './sort-key.ts';
import { sortKey } from './window.ts';

/** The keys that the arguments of `sort` mean. */
export function sortKeys(args: readonly (string | NamedOrder<string> | ((t: Any) => unknown))[]): SortKey[] {
  return args.map(arg => {
    if (typeof arg === 'function') return withoutLostConditions('sort', () => arg(rowColumns()), sortKey);
    if (arg instanceof NamedOrder) return keyOf(name(arg.column), arg.direction, arg.options);
    return { expr: name(arg) };
  });
}
