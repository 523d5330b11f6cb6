import type { Engine, Run } from './engine.ts';

/** The best of an engine's runs of a query, the median of their wall times, and the least CPU time of any, in seconds. */
export type Best = Run & { readonly median: number; readonly leastCpu: number };

/**
 * Runs a statement on engines that take turns, `runs` rounds after one that warms up files, code and caches. An engine
 * that fails is left out. With `alone`, a run whose CPU time is less than 95 % of its wall time was disturbed, and is
 * repeated up to three times.
 * @param statement what all engines run, or what each of them does; an engine for which there is nothing sits out
 */
export async function runRounds(
  engines: readonly Engine[],
  statement: string | ((engine: Engine) => string | undefined),
  runs: number,
  alone: boolean,
  onFailure: (engine: Engine, error: Error) => void,
): Promise<ReadonlyMap<Engine, Best>> {
  const all = new Map<Engine, Run[]>();
  const running = new Set(engines);
  for (let round = 0; round <= runs; round++) {
    for (const engine of running) {
      const sql = typeof statement === 'string' ? statement : statement(engine);
      if (sql === undefined) continue;
      try {
        const run = await undisturbed(engine, sql, alone);
        // The round that warms up counts only where there is no other.
        all.set(engine, round <= 1 ? [run] : [...all.get(engine)!, run]);
      } catch (error) {
        running.delete(engine);
        all.delete(engine);
        onFailure(engine, error as Error);
      }
    }
  }
  return new Map([...all].map(([engine, those]) => [engine, bestOf(those)]));
}

function bestOf(runs: readonly Run[]): Best {
  const sorted = runs.toSorted((a, b) => a.wall - b.wall);
  const leastCpu = Math.min(...runs.map(r => r.cpu));
  return { ...sorted[0]!, median: sorted[sorted.length >> 1]!.wall, leastCpu };
}

async function undisturbed(engine: Engine, sql: string, alone: boolean): Promise<Run> {
  let run = await engine.run(sql);
  for (let retry = 0; alone && retry < 3 && run.cpu < 0.95 * run.wall && run.wall > 0.01; retry++)
    run = await engine.run(sql);
  return run;
}
