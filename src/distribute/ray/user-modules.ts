import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { RayexecError } from '../../common/errors.ts';
import {
  isUserKey,
  programFunction,
  type UserFunction,
  userFunctionOf,
  userKey,
} from '../../functions/user/user-function.ts';
import type { BundleFile } from './bundle.ts';

/** A module of users' functions as a cluster has it. */
export type ShippedModule = {
  /** What plans name it by: `shipped:`, a hash of all its files, and the path of the module among them. */
  readonly url: string;
  /** It and what it imports by relative paths, below a folder of the hash's name. */
  readonly files: readonly BundleFile[];
};

/** @param url of a file @throws RayexecError `io` when it can't be read */
export async function readUserModule(name: string, url: string): Promise<ShippedModule> {
  const entry = fileURLToPath(url);
  const found = await readWithImports(name, entry);
  let root = dirname(entry);
  while ([...found.keys()].some(path => !path.startsWith(join(root, sep)))) root = dirname(root);
  const nameOf = (path: string): string => relative(root, path).replaceAll(sep, '/');
  const files = [...found].map(([path, bytes]) => ({ name: nameOf(path), bytes }));
  files.push({ name: 'package.json', bytes: Buffer.from(JSON.stringify({ type: await moduleType(dirname(entry)) })) });
  const hash = createHash('sha256');
  for (const file of files.sort(byName)) hash.update(`${file.name}\n${file.bytes.length}\n`).update(file.bytes);
  const folder = hash.digest('hex');
  return {
    url: `shipped:${folder}/${nameOf(entry)}`,
    files: files.map(file => ({ ...file, name: `${folder}/${file.name}` })),
  };
}

/** The order in which both sides make a hash of files. */
export const byName = (a: BundleFile, b: BundleFile): number =>
  Buffer.compare(Buffer.from(a.name), Buffer.from(b.name));

/** A module and what it imports by relative paths. What only looks like an import, and isn't there, is left out. */
async function readWithImports(name: string, entry: string): Promise<Map<string, Uint8Array>> {
  const found = new Map<string, Uint8Array>();
  const pending = [entry];
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    if (found.has(path)) continue;
    try {
      found.set(path, await readFile(path));
    } catch (cause) {
      if (path !== entry) continue;
      throw new RayexecError('io', `${name}: can't read '${path}': ${(cause as Error).message}`, { cause });
    }
    const text = Buffer.from(found.get(path)!).toString();
    for (const [, to] of text.matchAll(/\b(?:from|import|require)\s*\(?\s*["'`](\.\.?\/[^"'`\n]+)["'`]/g)) {
      pending.push(fileURLToPath(new URL(to!, pathToFileURL(path))));
    }
  }
  return found;
}

/** What files called `.js` are in a folder, by the nearest package.json. */
async function moduleType(folder: string): Promise<unknown> {
  for (let at = folder; ; at = dirname(at)) {
    try {
      return (JSON.parse(await readFile(join(at, 'package.json'), 'utf8')) as { type?: unknown }).type;
    } catch {
      if (at === dirname(at)) return undefined;
    }
  }
}

/** A value of a plan as JSON should have it: functions are named by where a cluster has their modules. */
export function shippedValue(shipped: ReadonlyMap<string, ShippedModule>, key: string, value: unknown): unknown {
  if (key !== 'overload' || typeof value !== 'string' || !isUserKey(value)) return value;
  const fn = userFunctionOf(value);
  const module = fn.code.kind === 'module' ? shipped.get(fn.code.url) : undefined;
  if (fn.code.kind !== 'module' || module === undefined) throw programFunction(fn.name);
  return userKey({ ...fn, code: { ...fn.code, url: module.url } });
}

/**
 * The module of a function on a worker: plans come from anyone who has the token, so they name only what was shipped.
 * @param folder of what was shipped
 * @throws RayexecError `unsupported` for any other
 */
export function shippedUrl(folder: string, { name, code }: UserFunction): string {
  const path = code.kind === 'module' ? /^shipped:([0-9a-f]{64}(?:\/[^/\\\0]+)+)$/.exec(code.url)?.[1] : undefined;
  if (path === undefined || path.split('/').some(part => part === '..' || part === '.')) throw programFunction(name);
  return pathToFileURL(join(folder, path)).href;
}
