import type { FunctionDoc } from '../function.ts';

/** Documentation of a window function. */
export function windowDoc(summary: string, args: readonly string[], ...examples: FunctionDoc['examples']): FunctionDoc {
  return { summary, args, examples, category: 'window' };
}
