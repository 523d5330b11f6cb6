import type { BigIntStats, Dirent } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { basename, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RayexecError } from '../common/errors.ts';
import { didYouMean } from '../common/suggest.ts';
import { hasWildcards } from './glob-pattern.ts';
import { isHttpUrl, openHttp } from './http-source.ts';
import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  read,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from './node-fs.ts';
import { globFiles } from './node-glob.ts';
import { nodeTemporaryFiles } from './node-temporary-files.ts';
import { startNodeWorker } from './node-worker.ts';
import type { ByteSink, ByteSource, Platform } from './platform.ts';

/** Node (and Deno, Bun): local files by synchronous reads, http(s) URLs by range requests, zlib for inflating. */
export const nodePlatform: Platform = {
  name: 'node',
  startWorker: startNodeWorker,
  callerTakesPart: true,
  open: async path => (isHttpUrl(path) ? openHttp(path) : openFile(localPath(path))),
  glob: async pattern => (isHttpUrl(pattern) ? [checkUrl(pattern)] : globFiles(localPath(pattern))),
  create: async path => createFile(localPath(path)),
  filesIn: async directory => filesIn(localPath(directory)),
  makeDirectory: async path => makeDirectory(localPath(path)),
  remove: async path => removeFile(localPath(path)),
  inflate: (codec, data, limit) => inflate(codec, data, limit),
  temporary: nodeTemporaryFiles,
  kernels,
  memoryBytes,
};

/** Bundlers, which know a file by such a call's text, would copy it for nothing. */
const KERNELS = './kernels.wasm';

/** The kernels that lie beside the package's files; undefined in bundles, and when run from sources. */
function kernels(): Uint8Array<ArrayBuffer> | undefined {
  try {
    return readFileSync(new URL(KERNELS, import.meta.url));
  } catch {
    return undefined;
  }
}

/** The machine's memory, or what a container leaves of it. */
function memoryBytes(): number {
  const constrained = process.constrainedMemory?.() ?? 0;
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
}

const localPath = (path: string): string => (path.startsWith('file://') ? fileURLToPath(path) : path);

/** A URL names one file: there is no listing to match. A question mark starts its query. */
function checkUrl(url: string): string {
  if (!hasWildcards(url.replaceAll('?', ''))) return url;
  throw new RayexecError('unsupported', `a glob cannot be matched against a web server: '${url}'`, {
    hint: 'list the URLs, or percent-encode * and [ where they are part of the name',
  });
}

function openFile(path: string): ByteSource {
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch (cause) {
    throw openError(path, cause);
  }
  const stat = fstatSync(fd, { bigint: true });
  if (!stat.isFile()) {
    closeSync(fd);
    throw new RayexecError('io', `'${path}' is ${stat.isDirectory() ? 'a directory' : 'not a regular file'}`, {
      hint: stat.isDirectory() ? `name its files with a glob: '${path.replace(/\/$/, '')}/*'` : undefined,
    });
  }
  const early = (done: number, wanted: number): RayexecError =>
    new RayexecError('io', `'${path}' ends at byte ${done}, ${wanted - done} bytes too early`);
  let isOpen = true;
  /** Reads of other threads that are under way; the descriptor must not name another file before they end. */
  let aside = 0;
  const closeUnused = (): void => {
    if (!isOpen && aside === 0) closeSync(fd);
  };
  return {
    path,
    size: Number(stat.size),
    version: versionOf(stat),
    modified: stat.mtimeNs / 1000n,
    read: (offset, target) => {
      for (let done = 0; done < target.length; ) {
        const count = readSync(fd, target, done, target.length - done, offset + done);
        if (count === 0) throw early(offset + done, offset + target.length);
        done += count;
      }
    },
    readAside: readsAside
      ? async (offset, target) => {
          aside++;
          try {
            for (let done = 0; done < target.length; ) {
              const count = await readSome(fd, target, done, offset + done);
              if (count === 0) throw early(offset + done, offset + target.length);
              done += count;
            }
          } finally {
            aside--;
            closeUnused();
          }
        }
      : undefined,
    close: () => {
      if (!isOpen) return;
      isOpen = false;
      closeUnused();
    },
  };
}

/** Whether Node's own threads read while this one works: elsewhere that is not known to work with shared memory. */
const readsAside =
  process.versions['bun'] === undefined && process.versions['deno'] === undefined && availableParallelism() > 1;

/** Reads into the target from a position of it on; how many bytes. */
function readSome(fd: number, target: Uint8Array, from: number, offset: number): Promise<number> {
  return new Promise((resolve, reject) => {
    read(fd, target, from, target.length - from, offset, (error, count) =>
      error === null ? resolve(count) : reject(error),
    );
  });
}

/** Clocks of file systems are coarse: a second change within this time may leave a file's times as they were. */
const SETTLED_MS = 2000n;

function versionOf({ dev, ino, size, mtimeNs, ctimeNs, ctimeMs }: BigIntStats): string | undefined {
  if (BigInt(Date.now()) - ctimeMs < SETTLED_MS) return undefined;
  return [dev, ino, size, mtimeNs, ctimeNs].join();
}

function openError(path: string, cause: unknown): RayexecError {
  const code = (cause as NodeJS.ErrnoException).code;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new RayexecError('io', `there is no file '${path}'`, {
      hint: didYouMean(basename(path), namesIn(dirname(path))) ?? 'paths start at the working directory',
      cause,
    });
  }
  if (code === 'EACCES' || code === 'EPERM')
    return new RayexecError('io', `no permission to open '${path}'`, { cause });
  return new RayexecError('io', `'${path}' can't be opened: ${(cause as Error).message}`, { cause });
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

function filesIn(directory: string): string[] {
  let entries: Dirent[];
  try {
    entries = readdirSync(directory, { withFileTypes: true });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new RayexecError('io', `'${directory}' can't be listed: ${(cause as Error).message}`, { cause });
  }
  return entries
    .flatMap(e => (e.isDirectory() ? filesIn(`${directory}/${e.name}`) : [`${directory}/${e.name}`]))
    .sort();
}

function makeDirectory(path: string): void {
  try {
    mkdirSync(path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST' && statSync(path).isDirectory()) return;
    throw new RayexecError('io', `the directory '${path}' can't be made: ${(cause as Error).message}`, { cause });
  }
}

function removeFile(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch (cause) {
    throw new RayexecError('io', `'${path}' can't be removed: ${(cause as Error).message}`, { cause });
  }
}

let created = 0;

function createFile(path: string): ByteSink {
  const temporary = `${path}.${process.pid}-${created++}.tmp`;
  let fd: number;
  try {
    fd = openSync(temporary, 'wx');
  } catch (cause) {
    throw new RayexecError('io', `'${path}' can't be written: ${(cause as Error).message}`, { cause });
  }
  return {
    write: data => {
      for (let done = 0; done < data.length; ) done += writeSync(fd, data, done);
    },
    close: async () => {
      closeSync(fd);
      try {
        renameSync(temporary, path);
      } catch (cause) {
        rmSync(temporary, { force: true });
        throw new RayexecError('io', `'${path}' can't be written: ${(cause as Error).message}`, { cause });
      }
    },
    abort: async () => {
      closeSync(fd);
      rmSync(temporary, { force: true });
    },
  };
}

const INFLATERS = {
  gzip: 'gunzipSync',
  zlib: 'inflateSync',
  raw: 'inflateRawSync',
  brotli: 'brotliDecompressSync',
} as const;

function inflate(codec: keyof typeof INFLATERS, data: Uint8Array, limit: number | undefined): Uint8Array {
  try {
    return process
      .getBuiltinModule('node:zlib')
      [INFLATERS[codec]](data, limit === undefined ? {} : { maxOutputLength: Math.max(1, limit) });
  } catch (cause) {
    throw new RayexecError('format', `damaged ${codec} data: ${(cause as Error).message}`, { cause });
  }
}
