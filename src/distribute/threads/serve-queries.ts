import { loadKernels } from '../../kernels/kernels.ts';
import { LinearMemory } from '../../memory/linear-memory.ts';
import type { Platform } from '../../platform/platform.ts';
import type { WorkerPort } from '../../platform/worker-host.ts';
import type { Request, WorkerStart } from './messages.ts';
import { withinMoments } from './within-moments.ts';
import { WorkerQueries } from './worker-queries.ts';

/** What a worker thread does: it answers the coordinator's requests over the shared memory. */
export function serveQueries(port: WorkerPort, platform: Platform): void {
  const { memory: shared, module } = port.data as WorkerStart;
  const memory = LinearMemory.attach(shared);
  const queries = new WorkerQueries({ memory, kernels: loadKernels(memory, module), platform });
  let running = 0;
  const serve = async (first: Request): Promise<void> => {
    for (let request: Request | undefined = first; request !== undefined; ) {
      running++;
      const reply = await queries.handle(request);
      running--;
      port.post(reply);
      // A query's next request mostly follows at once; what else runs here need not wait for it.
      const poll: WorkerPort['poll'] = request.kind === 'close' || running > 0 ? undefined : port.poll;
      request = poll && (withinMoments(poll) as Request | undefined);
    }
  };
  port.onMessage(message => void serve(message as Request));
}
