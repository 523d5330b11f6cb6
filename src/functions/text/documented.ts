import type { FunctionDoc } from '../function.ts';

/** Documentation of a text function. */
export function textDoc(summary: string, args: readonly string[], ...examples: FunctionDoc['examples']): FunctionDoc {
  return { summary, args, examples, category: 'text' };
}
