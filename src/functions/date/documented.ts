import type { FunctionDoc } from '../function.ts';

/** Documentation of a date function. */
export function dateDoc(summary: string, args: readonly string[], ...examples: FunctionDoc['examples']): FunctionDoc {
  return { summary, args, examples, category: 'date' };
}
