// The built declarations on the compilers that people have, and schemas of real libraries: npm run test:typescript
// [-- <version> …]. Installs what it needs below .runtimes/. Ends with 1 when something fails.
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { installTools, put, root } from '../runtimes/install.mjs';

const exec = promisify(execFile);
const names = process.argv.slice(2);
const VERSIONS = { 5.4: '5.4.5', 5.9: '5.9.3', '6.0': '6.0.3', '7.0': '7.0.2' };
/** The one whose messages are kept in full (test/types/messages.test.ts); others are held against its places. */
const REFERENCE = '6.0';

const home = installTools('typescript', {
  ...Object.fromEntries(Object.entries(VERSIONS).map(([name, v]) => [`typescript-${name}`, `npm:typescript@${v}`])),
  zod: '4.6.7',
  valibot: '1.5.0',
  arktype: '2.2.10',
  tsx: '4',
  '@types/node': '20',
  'apache-arrow': '21',
  'parquet-wasm': '0.8',
  'ts-pattern': '5',
});
const project = join(home, 'project');
rmSync(project, { recursive: true, force: true });
placePackage();
placeTests();

/** The package as npm would install it: its manifest and dist/. */
function placePackage() {
  const place = join(home, 'node_modules/rayexec');
  rmSync(place, { recursive: true, force: true });
  mkdirSync(place, { recursive: true });
  cpSync(join(root, 'package.json'), join(place, 'package.json'));
  cpSync(join(root, 'dist'), join(place, 'dist'), { recursive: true });
}

/** The type tests of test/types, reading the package instead of its sources. */
function placeTests() {
  const place = (from, to) => {
    const source = readFileSync(from, 'utf8');
    put(join(project, to), source.replace(/'\.\.\/\.\.\/frontends\/(?:dataframe\/)?index\.ts'/g, "'rayexec'"));
  };
  const types = join(root, 'test/types');
  for (const file of readdirSync(types)) {
    if (file.endsWith('.test-d.ts') || file === 'expect.ts') place(join(types, file), `test/types/${file}`);
  }
  for (const file of ['tpch-schema.ts', 'tpch-builder-queries.ts'])
    place(join(root, 'test/support', file), `test/support/${file}`);
  for (const file of ['schemas.ts', 'entries.ts', 'required.cts'])
    place(resolve(import.meta.dirname, file), `test/typescript/${file}`);
  const mistakes = join(project, 'test/types/mistakes.test-d.ts');
  const text = readFileSync(mistakes, 'utf8');
  put(join(project, 'mistakes/test/types/found.ts'), text.replaceAll('@ts-expect-error', 'mistake:'));
  cpSync(join(project, 'test/support'), join(project, 'mistakes/test/support'), { recursive: true });
  writeFileSync(join(project, 'package.json'), '{"private":true,"type":"module"}');
}

/** A program of its own, because what it declares is for all of its files. */
const DECLARED = `import { connect } from 'rayexec';
declare module 'rayexec' {
  interface Tables { users: { id: 'int64'; name: 'string' | null } }
  interface RowValues { int64: 'bigint' }
  interface Queries { 'from elsewhere': { n: 'int64' } }
}
const db = connect({ values: { int64: 'bigint' } });
export const rows: Promise<{ id: bigint; name: string | null }[]> = db.table('users').collect();
export const one: Promise<{ n: bigint }> = db.sql('from elsewhere').one();
// @ts-expect-error: what rows hold is declared, so it must be said
connect();
`;
const declared = join(project, 'declared');
put(join(declared, 'test/declared.ts'), DECLARED);

/** What the compiler says of a folder's files: path, place and code of each error. */
async function errorsOf(version, folder, skipLibCheck) {
  const compilerOptions = {
    target: 'ES2022',
    lib: ['ES2022', 'ESNext.Disposable', 'DOM'],
    module: 'NodeNext',
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    noPropertyAccessFromIndexSignature: true,
    allowImportingTsExtensions: true,
    noEmit: true,
    skipLibCheck,
    types: [],
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['test'] }));
  const compiler = join(home, 'node_modules', `typescript-${version}`, 'bin/tsc');
  const { stdout } = await exec(process.execPath, [compiler, '-p', folder, '--pretty', 'false'], {
    cwd: folder,
    maxBuffer: 2 ** 26,
  }).catch(error => error);
  return [...stdout.matchAll(/^(\S.*?)\((\d+),(\d+)\): error (TS\d+): (.*)$|^error (TS\d+): (.*)$/gm)].map(
    ([line, file, row, column, code, message]) =>
      file === undefined ? { line, at: line } : { line, at: `${basename(file)}:${row}:${column} ${code}`, message },
  );
}

let failures = 0;
/** Prints a line, and below it what was wrong. */
function report(name, problems, note = '') {
  if (problems.length > 0) failures++;
  console.log(`${name}: ${problems.length === 0 ? 'ok' : `FAILED, ${problems.length} problems`}${note}`);
  for (const problem of problems.slice(0, 20)) console.log(`    ${problem}`);
}

const mistakes = join(project, 'mistakes');
const expected = (await errorsOf(REFERENCE, mistakes, true)).map(e => e.at);
for (const version of Object.keys(VERSIONS)) {
  if (names.length > 0 && !names.includes(version)) continue;
  // The newest declarations of other libraries ask for more than 5.4 knows.
  const skipLibCheck = version === '5.4';
  const found = await errorsOf(version, project, skipLibCheck);
  const own = found.filter(e => !e.line.startsWith('mistakes/'));
  report(
    `TypeScript ${VERSIONS[version]}, types${skipLibCheck ? ', skipLibCheck' : ''}`,
    own.map(e => e.line),
  );
  const inDeclared = (await errorsOf(version, declared, true)).map(e => e.line);
  report(`TypeScript ${VERSIONS[version]}, what programs declare`, inDeclared);
  const said = (await errorsOf(version, mistakes, true)).map(e => e.at);
  const missing = expected.filter(at => !said.includes(at)).map(at => `not said: ${at}`);
  const more = said.filter(at => !expected.includes(at)).map(at => `said: ${at}`);
  report(`TypeScript ${VERSIONS[version]}, mistakes`, [...missing, ...more], ` (${said.length} places and codes)`);
}
if (expected.length < 25) report('mistakes of the reference', [`only ${expected.length}`]);
if (names.length === 0) {
  const program = join(project, 'test/typescript/schemas.ts');
  const { stdout, stderr } = await exec(process.execPath, ['--import', 'tsx', program], { cwd: home }).catch(e => e);
  report('zod, valibot, arktype', stdout.trim() === 'ok' ? [] : [`${stdout}${stderr}`]);
}
process.exitCode = failures > 0 ? 1 : 0;
