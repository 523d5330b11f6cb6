import type { UserFunction } from '../../functions/user/user-function.ts';
import type { Cluster } from '../cluster.ts';
import type { RootStage } from '../local/run-stages.ts';
import { readBundle } from './bundle.ts';
import { packagedBundle } from './bundle-urls.ts';
import { LocalRay, type LocalRayOptions } from './local-ray.ts';
import { RayJob, type RayJobOptions } from './ray-job.ts';
import { type Gateway, runOnRay } from './run-on-ray.ts';
import { readUserModule, type ShippedModule } from './user-modules.ts';

type Started = Pick<Gateway, 'bundle' | 'ask'> & { readonly isAlive: boolean; close(): Promise<void> };

/**
 * Runs queries through a gateway, which the first of them starts: on this machine, or as a job of a cluster elsewhere.
 * @param urls the code that it runs; default: the package's own
 */
export function rayCluster(options: LocalRayOptions | RayJobOptions, urls = packagedBundle()): Cluster {
  const modules = new Map<string, ShippedModule>();
  /** Those that have been started and not ended, in whose place there may be another. */
  const running = new Set<SharedGateway>();
  let gateway: Promise<SharedGateway> | undefined;

  const start = async (before: SharedGateway | undefined): Promise<SharedGateway> => {
    if (before?.isAlive === false) await before.close();
    const shipped = new Map(modules);
    const files = new Map([...shipped.values()].flatMap(m => m.files.map(f => [f.name, f] as const)));
    const bundle = await readBundle(urls.shimUrl, urls.workerUrl, [...files.values()]);
    const started = await ('url' in options ? RayJob.start(options, bundle) : LocalRay.start(options, bundle));
    const shared = new SharedGateway(started, shipped, () => running.delete(shared));
    running.add(shared);
    before?.retire();
    return shared;
  };
  /** The gateway; another one when it has ended, or when there are functions whose code it does not have. */
  const gatewayFor = async (functions: readonly UserFunction[]): Promise<SharedGateway> => {
    for (const { name, code } of functions) {
      if (code.kind !== 'module' || !code.url.startsWith('file:') || modules.has(code.url)) continue;
      modules.set(code.url, await readUserModule(name, code.url));
    }
    const now = gateway;
    const found = await now?.catch(() => undefined);
    if (gateway === now && (found?.isAlive !== true || found.shipped.size < modules.size)) gateway = start(found);
    return gateway!;
  };
  return {
    run: async (stages, client, runOptions) => {
      const shared = await gatewayFor(runOptions.functions ?? []);
      return shared.during(() => runOnRay(stages, shared, client, runOptions));
    },
    close: async () => {
      await gateway?.catch(() => undefined);
      await Promise.all([...running].map(g => g.close()));
    },
  };
}

/** A gateway that ends with its last query when another has taken its place. */
class SharedGateway implements Gateway {
  readonly bundle: string;
  readonly shipped: ReadonlyMap<string, ShippedModule>;
  readonly #started: Started;
  readonly #onClose: () => void;
  #queries = 0;
  #isRetired = false;

  constructor(started: Started, shipped: ReadonlyMap<string, ShippedModule>, onClose: () => void) {
    this.bundle = started.bundle;
    this.#started = started;
    this.shipped = shipped;
    this.#onClose = onClose;
  }

  get isAlive(): boolean {
    return this.#started.isAlive;
  }

  ask(frames: readonly Uint8Array[], signal: AbortSignal | undefined): AsyncIterable<Uint8Array> {
    return this.#started.ask(frames, signal);
  }

  /** Stays until what runs has been closed. */
  async during(run: () => Promise<RootStage>): Promise<RootStage> {
    this.#queries++;
    let isOver = false;
    const end = (): void => {
      if (!isOver) this.#queries--;
      isOver = true;
      this.#closeIdle();
    };
    try {
      const root = await run();
      return {
        ...root,
        close: () => {
          root.close?.();
          end();
        },
      };
    } catch (error) {
      end();
      throw error;
    }
  }

  retire(): void {
    this.#isRetired = true;
    this.#closeIdle();
  }

  close(): Promise<void> {
    this.#onClose();
    return this.#started.close();
  }

  #closeIdle(): void {
    // What it runs into concerns no query any more.
    if (this.#isRetired && this.#queries === 0) this.close().catch(() => undefined);
  }
}
