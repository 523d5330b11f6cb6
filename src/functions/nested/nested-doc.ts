import type { FunctionDoc } from '../function.ts';

/** Documentation of a function of lists, structs or maps. */
export function nestedDoc(summary: string, args: readonly string[], ...examples: FunctionDoc['examples']): FunctionDoc {
  return { summary, args, examples, category: 'nested' };
}
