import type { FunctionDoc } from '../function.ts';

/** Documentation of a function of JSON. */
export function jsonDoc(summary: string, args: readonly string[], ...examples: FunctionDoc['examples']): FunctionDoc {
  return { summary, args, examples, category: 'json' };
}
