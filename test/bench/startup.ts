// What it takes to start: npm run bench:startup [-- --runs 20] [--json file]
// A process that imports the built package, connects and runs SELECT 1, against an empty one; milliseconds of wall and of
// CPU time, the best and the median of the runs, which take turns. Where Node.js keeps compiled code (22.8 and later), also
// with its compile cache. Adds what came out to .bench/history.jsonl, and to --json as a list.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import module from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { appendEntry, currentCommit, type Entry, machineName } from './history.ts';

const { values: args } = parseArgs({ options: { runs: { type: 'string', default: '20' }, json: { type: 'string' } } });
const runs = Number(args.runs);
const library = new URL('../../dist/index.js', import.meta.url).href;
const select = `import { connect } from '${library}'; await connect({ threads: 0 }).execute('SELECT 1');`;
const cache = mkdtempSync(join(tmpdir(), 'startup-cache-'));
const programs: Readonly<Record<string, string>> = {
  'an empty process': '',
  import: `import '${library}';`,
  'import, connect, SELECT 1': select,
  'the same with threads': `import { connect } from '${library}'; const db = connect({ threads: 2 });
    await db.execute('SET inline_rows = 0'); await db.execute('SELECT 1');`,
  ...('enableCompileCache' in module ? { 'with a compile cache': select } : {}),
};

/** Milliseconds. */
type Run = { readonly wall: number; readonly cpu: number };

const times = new Map<string, Run[]>(Object.keys(programs).map(name => [name, []]));
try {
  // The round that fills caches does not count.
  for (let round = 0; round <= runs; round++) {
    for (const [name, text] of Object.entries(programs)) {
      const run = await start(text, name === 'with a compile cache' ? { NODE_COMPILE_CACHE: cache } : {});
      if (round > 0) times.get(name)!.push(run);
    }
  }
} finally {
  rmSync(cache, { recursive: true, force: true });
}

const empty = bestOf('an empty process');
const entries: Entry[] = [];
for (const name of times.keys()) {
  const all = times.get(name)!.map(r => r.wall);
  const median = all.toSorted((a, b) => a - b)[all.length >> 1]!;
  const best = bestOf(name);
  const above = { wall: best.wall - empty.wall, cpu: best.cpu - empty.cpu };
  console.log(
    `${name.padEnd(28)} best ${best.wall.toFixed(0)} ms (CPU ${best.cpu.toFixed(0)}), median ${median.toFixed(0)} ms; above empty ${above.wall.toFixed(0)} ms (CPU ${above.cpu.toFixed(0)})`,
  );
  if (name !== 'an empty process') entries.push(entryOf(name, best, median));
}
for (const entry of entries) appendEntry(entry);
if (args.json !== undefined) writeFileSync(args.json, `${JSON.stringify(entries, undefined, 2)}\n`);

/** Runs a program in a new process; its CPU time is what the process says at its end. */
async function start(text: string, env: Readonly<Record<string, string>>): Promise<Run> {
  const report = `process.on('exit', () => { const { user, system } = process.cpuUsage(); process.stdout.write(String(user + system)); });`;
  const begin = performance.now();
  const child = spawn(process.execPath, ['--input-type=module', '-e', `${report} ${text}`], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', part => {
    output += part;
  });
  const status = await new Promise(resolve => child.on('close', resolve));
  if (status !== 0) throw new Error(`status ${status}: ${text}`);
  return { wall: performance.now() - begin, cpu: Number(output) / 1000 };
}

/** The least wall time of a program's runs, and the least CPU time. */
function bestOf(name: string): Run {
  const all = times.get(name)!;
  return { wall: Math.min(...all.map(r => r.wall)), cpu: Math.min(...all.map(r => r.cpu)) };
}

/** How much longer it takes than an empty process, as a ratio. */
function entryOf(name: string, best: Run, median: number): Entry {
  const ratio = best.wall / empty.wall;
  return {
    date: new Date().toISOString(),
    commit: currentCommit(),
    machine: machineName(),
    suite: 'startup',
    scale: name,
    memory: true,
    threads: 0,
    engine: 'an empty process',
    geomean: ratio,
    medianGeomean: median / empty.wall,
    cpuGeomean: best.cpu / empty.cpu,
    worst: ratio,
    seconds: { [name]: best.wall / 1000 },
    ratios: { [name]: ratio },
  };
}
