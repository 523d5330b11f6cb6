import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { byName } from './user-modules.ts';

export type BundleFile = { readonly name: string; readonly bytes: Uint8Array };

/** The code that a cluster runs: the shim's Python modules, the worker's module with all that it imports, and users' modules. */
export type Bundle = {
  readonly shimFolder: string;
  readonly workerFile: string;
  /** The shim and the worker's module, which names what it imports by hashes of that. */
  readonly files: readonly BundleFile[];
  /** Of users' functions; they lie in a folder of their own. */
  readonly modules: readonly BundleFile[];
  /** Of names and bytes, in hexadecimal: client and cluster must have the same. */
  readonly hash: string;
};

export async function readBundle(
  shimUrl: URL,
  workerUrl: URL,
  userModules: readonly BundleFile[] = [],
): Promise<Bundle> {
  const shimFolder = fileURLToPath(shimUrl);
  const workerFile = fileURLToPath(workerUrl);
  const shim = (await readdir(shimFolder)).filter(name => name.endsWith('.py')).sort();
  const paths = [...shim.map(name => join(shimFolder, name)), workerFile];
  const files = await Promise.all(paths.map(async path => ({ name: basename(path), bytes: await readFile(path) })));
  const hash = createHash('sha256');
  const modules = userModules.toSorted(byName);
  for (const { name, bytes } of [...files, ...modules]) hash.update(`${name}\n`).update(bytes);
  return { shimFolder, workerFile, files, modules, hash: hash.digest('hex') };
}

/** What a cluster elsewhere needs beside a bundle's files: the modules that the worker's imports, packages, and users' modules. */
export async function readImports({ workerFile, modules: ofUsers }: Bundle): Promise<readonly BundleFile[]> {
  const folder = dirname(workerFile);
  const found = new Map<string, Uint8Array>();
  const pending = [basename(workerFile)];
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (found.has(name)) continue;
    const text = await readFile(join(folder, name), 'utf8');
    found.set(name, Buffer.from(text));
    for (const [, imported] of text.matchAll(/\b(?:from|import)\s*\(?\s*["'`]\.\/([\w.-]+\.js)["'`]/g))
      pending.push(imported!);
  }
  found.delete(basename(workerFile));
  const modules = [...found].map(([name, bytes]) => ({ name, bytes })).sort((a, b) => (a.name < b.name ? -1 : 1));
  return [
    { name: 'package.json', bytes: Buffer.from('{"type":"module"}') },
    ...modules,
    ...(await packages(folder)),
    ...ofUsers.map(({ name, bytes }) => ({ name: `modules/${name}`, bytes })),
  ];
}

/** Each package as one module, where the worker looks for it. */
async function packages(folder: string): Promise<readonly BundleFile[]> {
  const from = join(folder, 'ray-packages');
  const files = (await readdir(from)).sort().map(async file => {
    const at = `node_modules/${basename(file, '.mjs')}`;
    return [
      { name: `${at}/package.json`, bytes: Buffer.from('{"type":"module","exports":"./index.mjs"}') },
      { name: `${at}/index.mjs`, bytes: await readFile(join(from, file)) },
    ];
  });
  return (await Promise.all(files)).flat();
}
