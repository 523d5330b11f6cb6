import type { Any } from './column-types.ts';
import { wrap } from './expr-impl.ts';
import { call, nodeOf } from './expr-node.ts';
import type { Value } from './operands.ts';

type Call = (...args: Value[]) => Any;
/** The functions that completion offers; any other name works too. */
type Known =
  | 'array_agg'
  | 'bit_and'
  | 'bit_or'
  | 'bit_xor'
  | 'chr'
  | 'corr'
  | 'cos'
  | 'covar_pop'
  | 'covar_samp'
  | 'date_part'
  | 'date_trunc'
  | 'exp'
  | 'greatest'
  | 'hash'
  | 'initcap'
  | 'least'
  | 'left'
  | 'levenshtein'
  | 'list_sort'
  | 'list_sum'
  | 'log10'
  | 'log2'
  | 'lpad'
  | 'ltrim'
  | 'md5'
  | 'mode'
  | 'now'
  | 'product'
  | 'random'
  | 'regexp_extract'
  | 'repeat'
  | 'reverse'
  | 'right'
  | 'rpad'
  | 'rtrim'
  | 'sign'
  | 'sin'
  | 'split_part'
  | 'stddev_pop'
  | 'string_agg'
  | 'strpos'
  | 'strptime'
  | 'tan'
  | 'translate'
  | 'trunc'
  | 'var_pop';
type Functions = { readonly [N in Known]: Call } & { readonly [name: string]: Call };

/**
 * Every SQL function by its name, untyped: `fn.levenshtein(t.a, t.b)`. Whether it exists, and takes these arguments,
 * shows when the query is bound.
 */
export const fn: Functions = new Proxy({} as Functions, {
  get: (_, property) =>
    typeof property === 'symbol'
      ? undefined
      : (...args: unknown[]): unknown => wrap(call(property.toLowerCase(), ...args.map(nodeOf))),
});
