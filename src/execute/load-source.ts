import { tableFunction } from '../sources/index.ts';
import type { Pipeline } from './pipeline.ts';

/** Loads the code that reads a pipeline's source on this thread, before its drivers are opened. */
export async function loadSource({ source: { node } }: Pipeline): Promise<void> {
  if (node.kind === 'scan') await tableFunction(node.source.fn).load?.();
}
