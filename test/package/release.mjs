// npm run release:check: whether what is here can be published as it is; needs no network.
// npm run release: checks, and publishes with provenance, which only a CI job with an identity token can sign.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');
const publish = process.argv.includes('--publish');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const MOST_BYTES = 1_500_000;
/** Scripts that npm would run where the package is installed; newer ones refuse to. */
const INSTALL_SCRIPTS = ['preinstall', 'install', 'postinstall', 'prepare'];

const output = (command, ...args) => execFileSync(command, args, { cwd: root, encoding: 'utf8' });
const show = (command, ...args) => execFileSync(command, args, { cwd: root, stdio: 'inherit' });

let failures = 0;
function check(name, problem) {
  if (problem) failures++;
  console.log(`${problem ? 'FAILED' : 'ok'}: ${name}${problem ? `: ${problem}` : ''}`);
}

check('version', /^\d+\.\d+\.\d+(-[\w.]+)?$/.test(manifest.version) ? '' : manifest.version);
const tags = output('git', 'tag', '--list', `v${manifest.version}`).trim();
check('the version has no tag yet, or one at this commit', tags === '' || atTag() ? '' : `${tags} is another commit`);
if (publish) check('nothing but what is committed', output('git', 'status', '--porcelain').trim());
const scripts = INSTALL_SCRIPTS.filter(name => name in manifest.scripts);
check('nothing runs where it is installed', scripts.join());

show('npm', 'run', 'build', '--silent');
show('npm', 'run', 'package', '--silent');

const [{ size, files }] = JSON.parse(output('npm', 'pack', '--dry-run', '--ignore-scripts', '--json'));
const foreign = files.map(f => f.path).filter(path => !/^(dist\/|package\.json$|README\.md$|LICENSE$)/.test(path));
check(`${files.length} files, ${size} bytes packed`, size > MOST_BYTES ? `more than ${MOST_BYTES}` : foreign.join());
const named = [manifest.main, manifest.module, manifest.types, ...Object.values(manifest.bin)];
const missing = named.map(path => path.replace('./', '')).filter(path => !files.some(f => f.path === path));
check('what the manifest names is in it', missing.join());
check('provenance is asked for', manifest.publishConfig?.provenance === true ? '' : 'publishConfig.provenance');

if (publish) {
  const repository = manifest.repository?.url ?? '';
  const building = process.env['GITHUB_REPOSITORY'] ?? process.env['CI_PROJECT_PATH'];
  // The registry compares them.
  check(
    'the manifest names the repository that builds',
    building && repository.includes(building) ? '' : `"${repository}", not "${building ?? 'a CI job'}"`,
  );
  const canSign = process.env['ACTIONS_ID_TOKEN_REQUEST_URL'] ?? process.env['SIGSTORE_ID_TOKEN'];
  check('the job has an identity token', canSign ? '' : 'permissions: { id-token: write } gives one');
  if (failures === 0) show('npm', 'publish', '--provenance', '--ignore-scripts');
}
process.exitCode = failures > 0 ? 1 : 0;

function atTag() {
  return output('git', 'rev-list', '-n1', `v${manifest.version}`) === output('git', 'rev-parse', 'HEAD');
}
