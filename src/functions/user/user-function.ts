import { RayexecError } from '../../common/errors.ts';
import type { DataType } from '../../types/data-type.ts';

/** A type that a user's function takes or gives, and whether NULL is among the values. */
export type UserType = { readonly type: DataType; readonly nullable: boolean };

/**
 * A scalar function written in JavaScript, as plain data: plans name it by this. NULL in an argument that is not nullable
 * gives NULL without a call.
 */
export type UserFunction = {
  readonly name: string;
  readonly args: readonly UserType[];
  readonly returns: UserType;
  /** The function is called with whole columns and the number of rows. */
  readonly vectorized: boolean;
  /** It gives other results for the same arguments. */
  readonly volatile: boolean;
  /** How 64 and 128 bit integers are handed to it. */
  readonly int64: 'number' | 'bigint';
  readonly code: UserCode;
};

/** Where its code is: in this process and thread, or a module that every thread loads. */
export type UserCode =
  | { readonly kind: 'local'; readonly id: number }
  | { readonly kind: 'module'; readonly url: string; readonly export: string };

const PREFIX = 'js ';

/** The overload's key by which a plan names the function. */
export const userKey = (fn: UserFunction): string => PREFIX + JSON.stringify(fn);

/** Whether an overload's key names a user's function. */
export const isUserKey = (key: string): boolean => key.startsWith(PREFIX);

/** The function that a user's key names. */
export const userFunctionOf = (key: string): UserFunction => JSON.parse(key.slice(PREFIX.length)) as UserFunction;

/** The users' functions that a plan calls, each once. Plans are plain data, so all of it is looked through. */
export function userFunctionsIn(plan: unknown): readonly UserFunction[] {
  const keys = new Set<string>();
  collect(plan, keys);
  return [...keys].map(userFunctionOf);
}

function collect(value: unknown, keys: Set<string>): void {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return;
  if ('overload' in value && typeof value.overload === 'string' && isUserKey(value.overload)) keys.add(value.overload);
  for (const child of Array.isArray(value) ? value : Object.values(value)) collect(child, keys);
}

/** What a cluster says to a program's function: its tasks run the code that was shipped, and nothing else that a plan names. */
export function programFunction(name: string): RayexecError {
  return new RayexecError('unsupported', `the cluster's tasks can't run ${name}, which is a function of the program`, {
    hint: "give it as the export of a module: { module: new URL('./functions.js', import.meta.url), export: … }",
  });
}
