import {
  type BigIntStats,
  closeSync,
  fstatSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { basename, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync } from 'node:zlib';
import { RayexecError } from '../common/errors.ts';
import { didYouMean } from '../common/suggest.ts';
import { hasWildcards } from './glob-pattern.ts';
import { isHttpUrl, openHttp } from './http-source.ts';
import { globFiles } from './node-glob.ts';
import { startNodeWorker } from './node-worker.ts';
import type { ByteSink, ByteSource, Platform } from './platform.ts';

/** Node (and Deno, Bun): local files by synchronous reads, http(s) URLs by range requests, zlib for inflating. */
export const nodePlatform: Platform = {
  name: 'node',
  startWorker: startNodeWorker,
  open: async path => (isHttpUrl(path) ? openHttp(path) : openFile(localPath(path))),
  glob: async pattern => (isHttpUrl(pattern) ? [checkUrl(pattern)] : globFiles(localPath(pattern))),
  create: async path => createFile(localPath(path)),
  inflate: (codec, data, limit) => inflate(codec, data, limit),
};

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
  let isOpen = true;
  return {
    path,
    size: Number(stat.size),
    version: versionOf(stat),
    read: (offset, target) => {
      for (let done = 0; done < target.length; ) {
        const count = readSync(fd, target, done, target.length - done, offset + done);
        if (count === 0) {
          throw new RayexecError(
            'io',
            `'${path}' ends at byte ${offset + done}, ${target.length - done} bytes too early`,
          );
        }
        done += count;
      }
    },
    close: () => {
      if (isOpen) closeSync(fd);
      isOpen = false;
    },
  };
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
      hint: didYouMean(basename(path), namesIn(dirname(path))),
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

const INFLATERS = { gzip: gunzipSync, zlib: inflateSync, raw: inflateRawSync, brotli: brotliDecompressSync };

function inflate(codec: keyof typeof INFLATERS, data: Uint8Array, limit: number | undefined): Uint8Array {
  try {
    return INFLATERS[codec](data, limit === undefined ? {} : { maxOutputLength: Math.max(1, limit) });
  } catch (cause) {
    throw new RayexecError('format', `damaged ${codec} data: ${(cause as Error).message}`, { cause });
  }
}
