// What it takes to start: npm run bench:startup [-- --runs 20]
// A process that imports the built package, connects and runs SELECT 1, against an empty one; milliseconds, the best
// and the median of the runs, which take turns.
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';

const { values: args } = parseArgs({ options: { runs: { type: 'string', default: '20' } } });
const library = new URL('../../dist/index.js', import.meta.url).href;
const programs = {
  'an empty process': '',
  import: `import '${library}';`,
  'import, connect, SELECT 1': `import { connect } from '${library}'; await connect({ threads: 0 }).execute('SELECT 1');`,
  'the same with threads': `import { connect } from '${library}'; const db = connect({ threads: 2 });
    await db.execute('SET inline_rows = 0'); await db.execute('SELECT 1');`,
};

const times = new Map<string, number[]>(Object.keys(programs).map(name => [name, []]));
for (let run = 0; run < Number(args.runs); run++) {
  for (const [name, text] of Object.entries(programs)) {
    const start = performance.now();
    const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', text]);
    if (status !== 0) throw new Error(String(stderr));
    times.get(name)!.push(performance.now() - start);
  }
}

const sorted = (name: string): number[] => [...times.get(name)!].sort((a, b) => a - b);
const [empty] = sorted('an empty process');
for (const name of times.keys()) {
  const all = sorted(name);
  const [best, median] = [all[0]!, all[all.length >> 1]!];
  console.log(
    `${name.padEnd(28)} best ${best.toFixed(0)} ms, median ${median.toFixed(0)} ms, above empty ${(best - empty!).toFixed(0)} ms`,
  );
}
