// The packed package in a project of its own, and tools beside it that only these tests need: all below .runtimes/,
// which git ignores.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

export const root = resolve(import.meta.dirname, '../..');
const home = join(root, '.runtimes');

const run = (command, args, cwd) =>
  execFileSync(command, args, { cwd, stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8' });
const QUIET = ['--no-audit', '--no-fund', '--loglevel=error', '--save-exact'];

/**
 * Installs packages of npm, by name and what is asked for, unless they are there.
 * @returns the folder, whose node_modules has them
 */
export function installTools(name, packages, { scripts = false } = {}) {
  const folder = join(home, name);
  mkdirSync(folder, { recursive: true });
  const wanted = JSON.stringify(packages);
  const stamp = join(folder, 'installed.json');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return folder;
  writeFileSync(join(folder, 'package.json'), '{"private":true}');
  const specs = Object.entries(packages).map(([as, spec]) => `${as}@${spec}`);
  run('npm', ['install', ...QUIET, ...(scripts ? [] : ['--ignore-scripts']), ...specs], folder);
  writeFileSync(stamp, wanted);
  return folder;
}

/** Packs dist/ and installs it with its dependencies. @returns the project's folder, emptied but for node_modules */
export function installPackage(name) {
  const folder = join(home, name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  if (!existsSync(join(root, 'dist/index.js'))) run('npm', ['run', 'build', '--silent'], root);
  const [{ filename }] = JSON.parse(
    run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder], root),
  );
  writeFileSync(join(folder, 'package.json'), '{"private":true,"type":"module"}');
  run('npm', ['install', ...QUIET, '--prefer-offline', join(folder, filename)], folder);
  return folder;
}

/** The Chromium of this machine; Debian's is installed where there is none and apt-get may. */
export function chromium() {
  const found = ['chromium', 'chromium-browser', 'google-chrome'].flatMap(name =>
    (process.env['PATH'] ?? '').split(':').map(folder => join(folder, name)),
  );
  const known = found.find(path => existsSync(path));
  if (known !== undefined) return known;
  run('apt-get', ['update', '-qq'], root);
  run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], root);
  return chromium();
}

/** Writes a file and the folders above it. */
export function put(path, text) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
