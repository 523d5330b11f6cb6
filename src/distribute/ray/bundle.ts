import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The code that a cluster runs: the shim's Python modules, and the worker's module with all that it imports. */
export type Bundle = {
  readonly shimFolder: string;
  readonly workerFile: string;
  readonly files: readonly { readonly name: string; readonly bytes: Uint8Array }[];
  /** Of names and bytes, in hexadecimal: client and cluster must have the same. */
  readonly hash: string;
};

export async function readBundle(shimUrl: URL, workerUrl: URL): Promise<Bundle> {
  const shimFolder = fileURLToPath(shimUrl);
  const workerFile = fileURLToPath(workerUrl);
  const shim = (await readdir(shimFolder)).filter(name => name.endsWith('.py')).sort();
  const paths = [...shim.map(name => join(shimFolder, name)), workerFile];
  const files = await Promise.all(paths.map(async path => ({ name: basename(path), bytes: await readFile(path) })));
  const hash = createHash('sha256');
  for (const { name, bytes } of files) hash.update(`${name}\n`).update(bytes);
  return { shimFolder, workerFile, files, hash: hash.digest('hex') };
}
