// npm run fuzz:planted -- --seed S --runs N: plants each of the known mistakes in a copy of the sources, and tells which
// the fuzzer finds within N queries. Fails unless it finds nine of ten. Needs what `npm run fuzz` needs.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { PLANTED_BUGS, type PlantedBug } from './planted-bugs.ts';

const { values: args } = parseArgs({
  options: {
    seed: { type: 'string', default: '7' },
    runs: { type: 'string', default: '4000' },
    python: { type: 'string', default: '.bench/python/bin/python' },
    /** Only mistakes with this in their names. */
    only: { type: 'string', default: '' },
  },
});

const ROOT = join(import.meta.dirname, '../..');
const FOUND_AT_LEAST = 0.9;
const KERNELS = 'src/kernels/generated';
const COPIED = ['src', 'frontends', 'dist', 'test/fuzz', 'test/support', 'package.json', 'tsconfig.json'];

const copy = mkdtempSync(join(tmpdir(), 'rayexec-planted-'));
try {
  for (const part of COPIED) cpSync(join(ROOT, part), join(copy, part), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  const clean = fuzz();
  if (clean.failed) throw new Error(`the fuzzer fails without a planted mistake: ${clean.text}`);
  const bugs = PLANTED_BUGS.filter(b => b.name.includes(args.only));
  const found = bugs.filter(find).length;
  console.log(`${found} of ${bugs.length} planted mistakes found`);
  if (found < bugs.length * FOUND_AT_LEAST) process.exitCode = 1;
} finally {
  rmSync(copy, { recursive: true, force: true });
}

/** Plants a mistake, lets the fuzzer look for it, and takes it out again. */
function find(bug: PlantedBug): boolean {
  const path = join(copy, bug.file);
  const text = readFileSync(path, 'utf8');
  if (text.split(bug.find).length !== 2)
    throw new Error(`"${bug.name}": its place is not there just once in ${bug.file}; update planted-bugs.ts`);
  writeFileSync(
    path,
    text.replace(bug.find, () => bug.replace),
  );
  const isKernel = bug.file.startsWith('src/kernels/assembly/');
  if (isKernel) buildKernels();
  const { failed, text: output } = fuzz();
  console.log(`${failed ? 'found    ' : 'NOT FOUND'} ${bug.name}${failed ? ` (${howSoon(output)})` : ''}`);
  writeFileSync(path, text);
  if (isKernel) cpSync(join(ROOT, KERNELS), join(copy, KERNELS), { recursive: true });
  return failed;
}

function buildKernels(): void {
  const { status, stderr } = spawnSync('node', ['src/kernels/assembly/build.mjs'], { cwd: copy, encoding: 'utf8' });
  if (status !== 0) throw new Error(`the kernels can't be built: ${stderr}`);
}

function fuzz(): { readonly failed: boolean; readonly text: string } {
  const options = ['--seed', args.seed, '--runs', args.runs, '--python', resolve(ROOT, args.python)];
  const { status, stdout, stderr } = spawnSync(
    'node',
    ['--import', 'tsx', 'test/fuzz/fuzz.ts', ...options, '--failures', '1', '--raw', '--brief'],
    { cwd: copy, encoding: 'utf8', maxBuffer: 2 ** 30 },
  );
  return { failed: status !== 0, text: stdout + stderr };
}

function howSoon(output: string): string {
  return /\n--- (.*)/.exec(output)?.[1] ?? 'it crashed';
}
