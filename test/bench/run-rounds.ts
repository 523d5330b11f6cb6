import type { Engine, Run } from './engine.ts';

/** The best of an engine's runs of a query, and the least CPU time of any of them, in seconds. */
export type Best = Run & { readonly leastCpu: number };

/**
 * Runs a statement on engines that take turns, `runs` rounds after one that warms up files, code and caches. An engine
 * that fails is left out. With `alone`, a run whose CPU time is less than 95 % of its wall time was disturbed, and is
 * repeated up to three times.
 */
export async function runRounds(
  engines: readonly Engine[],
  sql: string,
  runs: number,
  alone: boolean,
  onFailure: (engine: Engine, error: Error) => void,
): Promise<ReadonlyMap<Engine, Best>> {
  const best = new Map<Engine, Best>();
  const running = new Set(engines);
  for (let round = 0; round <= runs; round++) {
    for (const engine of running) {
      try {
        const run = await undisturbed(engine, sql, alone);
        const before = round > 1 ? best.get(engine) : undefined;
        const leastCpu = Math.min(run.cpu, before?.leastCpu ?? Infinity);
        const better = before === undefined || run.wall < before.wall ? run : before;
        best.set(engine, { ...better, leastCpu });
      } catch (error) {
        running.delete(engine);
        best.delete(engine);
        onFailure(engine, error as Error);
      }
    }
  }
  return best;
}

async function undisturbed(engine: Engine, sql: string, alone: boolean): Promise<Run> {
  let run = await engine.run(sql);
  for (let retry = 0; alone && retry < 3 && run.cpu < 0.95 * run.wall && run.wall > 0.01; retry++)
    run = await engine.run(sql);
  return run;
}
