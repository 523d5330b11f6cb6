import { loadKernels } from '../../kernels/kernels.ts';
import { LinearMemory } from '../../memory/linear-memory.ts';
import type { Platform } from '../../platform/platform.ts';
import type { WorkerPort } from '../../platform/worker-host.ts';
import type { Request, WorkerStart } from './messages.ts';
import { WorkerQueries } from './worker-queries.ts';

/** What a worker thread does: it answers the coordinator's requests over the shared memory. */
export function serveQueries(port: WorkerPort, platform: Platform): void {
  const { memory: shared, module } = port.data as WorkerStart;
  const memory = LinearMemory.attach(shared);
  const queries = new WorkerQueries({ memory, kernels: loadKernels(memory, module), platform });
  port.onMessage(message => {
    void queries.handle(message as Request).then(reply => port.post(reply));
  });
}
