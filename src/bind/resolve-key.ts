import type { Scalar } from '../types/scalar.ts';

/** A table function with the values of its arguments. */
export type SourceCall = {
  readonly fn: string;
  readonly positional: readonly Scalar[];
  readonly named: Readonly<Record<string, Scalar>>;
};

/** The look-up key of a stored table or an anonymous relation. */
export const tableKey = (schema: string, name: string): string => `table ${schema.toLowerCase()}.${name.toLowerCase()}`;
export const relationKey = (id: number): string => `relation ${id}`;
/** The look-up key of a file named in FROM. */
export const fileKey = (path: string): string => `file ${path}`;
/** The look-up key of a table function's call: equal calls are bound once. */
export const callKey = ({ fn, positional, named }: SourceCall): string =>
  `call ${fn.toLowerCase()} ${JSON.stringify([positional, Object.entries(named)])}`;
