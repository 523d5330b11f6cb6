import type { FunctionDoc } from '../function.ts';

/** Documentation of an aggregate. */
export function aggregateDoc(
  summary: string,
  args: readonly string[],
  ...examples: FunctionDoc['examples']
): FunctionDoc {
  return { summary, args, examples, category: 'aggregate' };
}
