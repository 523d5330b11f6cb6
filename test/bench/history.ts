import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { benchFolder } from '../workloads/workload.ts';

/** A comparison of this engine with a peer: by which settings, and what came out. */
export type Entry = Settings & {
  readonly date: string;
  readonly commit: string;
  /** Geometric means over the queries of rayexec / peer: best wall time, median wall time, CPU time. */
  readonly geomean: number;
  readonly medianGeomean: number;
  readonly cpuGeomean: number;
  readonly worst: number;
  /** Per query: rayexec's seconds, and rayexec / peer. */
  readonly seconds: Readonly<Record<string, number>>;
  readonly ratios: Readonly<Record<string, number>>;
};

/** Entries are compared with each other where all of these are the same. */
export type Settings = {
  readonly machine: string;
  readonly suite: string;
  readonly scale: string;
  readonly memory: boolean;
  /** The memory limit, if there was one. */
  readonly limit?: string | undefined;
  /** Of this engine; on if nothing is said. */
  readonly pageCache?: 'off' | undefined;
  readonly threads: number;
  readonly engine: string;
};

/** One entry per line, the newest last. */
const file = join(benchFolder, 'history.jsonl');

/** The newest entry with the same settings. */
export function lastEntry(settings: Settings): Entry | undefined {
  if (!existsSync(file)) return undefined;
  const entries = readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line) as Entry);
  const names = ['machine', 'suite', 'scale', 'memory', 'limit', 'pageCache', 'threads', 'engine'] as const;
  return entries.findLast(entry => names.every(name => entry[name] === settings[name]));
}

/** Adds an entry to the end. */
export function appendEntry(entry: Entry): void {
  appendFileSync(file, `${JSON.stringify(entry)}\n`);
}

/** The commit that is checked out, with `+` if files differ from it. */
export function currentCommit(): string {
  const git = (...args: readonly string[]): string =>
    execFileSync('git', args, { cwd: import.meta.dirname, encoding: 'utf8' }).trim();
  return git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain') === '' ? '' : '+');
}

/** Processor, cores and Node.js of this machine. */
export function machineName(): string {
  return `${cpus()[0]?.model ?? 'unknown'} × ${cpus().length}, Node.js ${process.version}`;
}
