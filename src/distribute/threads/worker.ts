import { loadKernels } from '../../kernels/kernels.ts';
import { LinearMemory } from '../../memory/linear-memory.ts';
import { nodePlatform } from '../../platform/node.ts';
import { nodeWorkerPort } from '../../platform/node-worker.ts';
import type { Request, WorkerStart } from './messages.ts';
import { WorkerQueries } from './worker-queries.ts';

// The module that a worker thread runs: it answers the coordinator's requests over the shared memory.
const port = nodeWorkerPort();
const { memory: shared, limitBlocks, module } = port.data as WorkerStart;
const memory = LinearMemory.attach(shared, limitBlocks);
const queries = new WorkerQueries({ memory, kernels: loadKernels(memory, module), platform: nodePlatform });

port.onMessage(message => {
  void queries.handle(message as Request).then(reply => port.post(reply));
});
