import { appendEntry, currentCommit, type Entry, lastEntry, machineName, type Settings } from './history.ts';
import type { Best } from './run-rounds.ts';

/** What a query took on each engine, by the engine's name. */
export type Figures = { readonly query: string; readonly best: ReadonlyMap<string, Best> };

/** The engine that was the fastest of several peers, query by query. */
const BEST = 'best peer';

/** Adds the fastest of several peers. */
export function withBestPeer({ query, best }: Figures): Figures {
  const peers = [...best].filter(([name]) => name !== 'rayexec').map(([, run]) => run);
  if (peers.length < 2) return { query, best };
  const fastest = peers.reduce((a, b) => (b.wall < a.wall ? b : a));
  const leastCpu = Math.min(...peers.map(p => p.leastCpu));
  const median = Math.min(...peers.map(p => p.median));
  return { query, best: new Map([...best, [BEST, { ...fastest, median, leastCpu }]]) };
}

/** What was run, as far as the settings do not say it. */
type Title = Omit<Settings, 'engine' | 'machine'> & {
  readonly runs: number;
  /** What is read, if not Parquet. */
  readonly over?: string;
};

/**
 * Prints one table of a suite at a number of threads, and for each peer the geometric means of the ratios, rayexec / peer,
 * and how they changed since the last run with the same settings. Adds a line per peer to the history; returns them.
 */
export function report(title: Title, named: readonly string[], figures: readonly Figures[]): readonly Entry[] {
  const { runs, over = 'Parquet', ...settings } = title;
  const { suite, scale, memory, limit, pageCache, threads } = settings;
  const peers = named.length > 1 ? [...named, BEST] : named;
  const rows = `${memory ? 'tables in memory' : over}${limit === undefined ? '' : `, memory limit ${limit}`}${pageCache === undefined ? '' : ', page cache off'}`;
  console.log(
    `\n${suite} scale ${scale}, ${rows}, ${threads} thread(s); seconds, best of ${runs}; ratio = rayexec / peer`,
  );
  console.log(
    line(['query', 'rayexec', 'cpu/wall', ...peers.flatMap(p => [p, 'ratio', 'median', 'cpu ratio', 'change'])]),
  );
  const machine = machineName();
  const last = new Map(peers.map(engine => [engine, lastEntry({ machine, ...settings, engine })]));
  for (const { query, best } of figures) {
    const own = best.get('rayexec');
    const cells = [query, own?.wall.toFixed(4) ?? 'failed', own === undefined ? '' : (own.cpu / own.wall).toFixed(2)];
    for (const peer of peers) {
      const other = best.get(peer);
      const ratio = own && other && own.wall / other.wall;
      const cpuRatio = own && other && own.leastCpu / other.leastCpu;
      const medianRatio = own && other && own.median / other.median;
      const change = changeOf(ratio, last.get(peer)?.ratios[query]);
      cells.push(other?.wall.toFixed(4) ?? 'failed');
      cells.push(...[ratio, medianRatio, cpuRatio].map(r => r?.toFixed(2) ?? ''), change);
    }
    console.log(line(cells));
  }
  const entries: Entry[] = [];
  for (const engine of peers) {
    const entry = entryOf({ machine, ...settings, engine }, figures);
    if (entry === undefined) continue;
    console.log(summary(entry, last.get(engine)));
    appendEntry(entry);
    entries.push(entry);
  }
  return entries;
}

function entryOf(settings: Settings, figures: readonly Figures[]): Entry | undefined {
  const both = figures.flatMap(({ query, best }) => {
    const [own, other] = [best.get('rayexec'), best.get(settings.engine)];
    return own && other ? [{ query, own, other }] : [];
  });
  if (both.length === 0) return undefined;
  const ratios = both.map(({ own, other }) => own.wall / other.wall);
  return {
    date: new Date().toISOString(),
    commit: currentCommit(),
    ...settings,
    geomean: geomean(ratios),
    medianGeomean: geomean(both.map(({ own, other }) => own.median / other.median)),
    cpuGeomean: geomean(both.map(({ own, other }) => own.leastCpu / other.leastCpu)),
    worst: Math.max(...ratios),
    seconds: Object.fromEntries(both.map(({ query, own }) => [query, rounded(own.wall)])),
    ratios: Object.fromEntries(both.map(({ query }, i) => [query, rounded(ratios[i]!)])),
  };
}

function summary(entry: Entry, last: Entry | undefined): string {
  const queries = Object.keys(entry.ratios);
  const now = `geomean against ${entry.engine}: ${entry.geomean.toFixed(3)} (medians ${entry.medianGeomean.toFixed(3)}, CPU time ${entry.cpuGeomean.toFixed(3)}) over ${queries.length} queries, worst ${entry.worst.toFixed(2)}`;
  const common = queries.filter(q => last?.ratios[q] !== undefined);
  if (last === undefined || common.length === 0) return now;
  const [before, after] = [last, entry].map(({ ratios }) => geomean(common.map(q => ratios[q]!)));
  return `${now}; ${changeOf(after, before)} since ${last.date.slice(0, 16)}, commit ${last.commit}, over ${common.length} common queries`;
}

/** A ratio's change in percent; nothing where there was none before. */
function changeOf(ratio: number | undefined, before: number | undefined): string {
  if (ratio === undefined || before === undefined) return '';
  const percent = (ratio / before - 1) * 100;
  return `${percent < 0 ? '' : '+'}${percent.toFixed(0)} %`;
}

const geomean = (ratios: readonly number[]): number =>
  Math.exp(ratios.reduce((sum, r) => sum + Math.log(r), 0) / ratios.length);

const rounded = (n: number): number => Number(n.toPrecision(5));

const line = (cells: readonly string[]): string => cells.map(c => c.padStart(12)).join('');
