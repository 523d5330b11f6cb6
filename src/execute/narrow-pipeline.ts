import type { LinearMemory } from '../memory/linear-memory.ts';
import { operatorOf } from '../operators/index.ts';
import type { Pipeline } from './pipeline.ts';
import type { SharedState } from './query-memory.ts';

/**
 * The pipeline with one clone of each of its operators when that is all it takes: what its source reads is complete by
 * now, and is so little that asking other threads would take longer than the work itself.
 */
export function narrowPipeline(pipeline: Pipeline, memory: LinearMemory, { structs }: SharedState): Pipeline {
  const { source, transforms, sink, partitions } = pipeline;
  if (partitions === 1 || operatorOf(sink.node).sink?.needsAllClones === true) return pipeline;
  const extent = operatorOf(source.node).source?.extent?.(source.node, { memory, shared: structs[source.id] ?? 0 });
  const isNarrow =
    extent === 'single' ||
    (extent === 'little' && transforms.every(t => operatorOf(t.node).transform?.isHeavy !== true));
  return isNarrow ? { ...pipeline, partitions: 1 } : pipeline;
}
