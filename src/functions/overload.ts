import { implicitCastCost } from '../types/coercion.ts';
import type { DataType } from '../types/data-type.ts';
import { typeName } from '../types/type-name.ts';
import type { Fit, ScalarOverload } from './function.ts';

/** What an overload may say beyond its types and code. */
export type OverloadOptions = Partial<
  Pick<ScalarOverload, 'nulls' | 'canFail' | 'volatile' | 'readsMemory' | 'takesDictionaries' | 'select' | 'signature'>
>;

/** Fits the arguments to given types, one for each. */
export function fitTypes(args: readonly DataType[], wanted: readonly DataType[], returns: DataType): Fit | undefined {
  if (args.length !== wanted.length) return undefined;
  let cost = 0;
  for (const [i, arg] of args.entries()) {
    const c = implicitCastCost(arg, wanted[i]!);
    if (c === undefined) return undefined;
    cost += c;
  }
  return { args: wanted, returns, cost };
}

/** An overload with fixed types: `fixed('i32', [INT32, INT32], INT32, run)`. NULLs propagate unless `options` say otherwise. */
export function fixed(
  key: string,
  args: readonly DataType[],
  returns: DataType,
  run: ScalarOverload['run'],
  options: OverloadOptions = {},
): ScalarOverload {
  return {
    key,
    signature: signatureOf(args, returns),
    fit: types => fitTypes(types, args, returns),
    nulls: 'propagate',
    run,
    ...options,
  };
}

/**
 * An overload that finds its types by itself. `fit` may hand on argument types as they are (any type) or common
 * types; its `signature` is for messages: `'(ANY, ANY) -> BOOLEAN'`.
 */
export function generic(
  key: string,
  signature: string,
  fit: ScalarOverload['fit'],
  run: ScalarOverload['run'],
  options: OverloadOptions = {},
): ScalarOverload {
  return { key, signature, fit, nulls: 'propagate', run, ...options };
}

function signatureOf(args: readonly DataType[], returns: DataType): string {
  return `(${args.map(typeName).join(', ')}) -> ${typeName(returns)}`;
}
