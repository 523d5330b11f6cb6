import { loadOperators } from '../operators/index.ts';
import { tableFunction } from '../sources/index.ts';
import type { Pipeline } from './pipeline.ts';

/** Loads the code that a pipeline takes on this thread, before its drivers are opened. */
export async function loadPipeline({ source, transforms, sink }: Pipeline): Promise<void> {
  await loadOperators([source, ...transforms, sink].map(({ node }) => node));
  if (source.node.kind === 'scan') await tableFunction(source.node.source.fn).load?.();
}
