import type { Any } from './column-types.ts';
import type { ExprOf } from './expr.ts';
import { ExprImpl } from './expr-impl.ts';
import { name } from './expr-node.ts';
import type { Kind } from './operands.ts';

/** The columns of a frame as a callback sees them: one property each, and `$`. Unknown schema: anything goes. */
export type Cols<S, K extends Kind = 'row'> = string extends keyof S ? Any : TypedCols<S, K>;
/**
 * The columns by name. Property types are worked out only for columns that are touched, which is what keeps wide
 * frames cheap for the compiler.
 */
type TypedCols<S, K extends Kind> = { readonly [N in keyof S]: ExprOf<S[N], K> } & ByAnyName;
interface ByAnyName {
  /** A column by a name that the compiler can't know. */
  readonly $: (name: string) => Any;
}

/** The columns at run time; `side` qualifies them in a join's condition. */
export function rowColumns<S>(side?: string): Cols<S> {
  const path = side === undefined ? [] : [side];
  const byName = (column: string): ExprImpl => new ExprImpl(name(...path, column));
  return new Proxy({} as object, {
    get: (_, property) => (typeof property === 'symbol' ? undefined : property === '$' ? byName : byName(property)),
  }) as Cols<S>;
}
