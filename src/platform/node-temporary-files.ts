import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { RayexecError } from '../common/errors.ts';
import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  rmdirSync,
  rmSync,
  statSync,
  writevSync,
} from './node-fs.ts';
import type { TemporaryFiles } from './temporary-files.ts';

/**
 * Folders: `rayexec-<process id>-<token>`. The token tells apart processes that had the same id, and copies of this
 * module in one process (in threads, or as a module and as CommonJS).
 */
const PREFIX = 'rayexec-';
const FOLDER = /^rayexec-(\d+)-([0-9a-f]{8})$/;
// By Math.random: node:crypto takes longer to load than everything else here.
const token = Math.floor(Math.random() * 2 ** 32)
  .toString(16)
  .padStart(8, '0');

/** Temporary files by Node's synchronous calls. A file is open only while it is read or written: none is left open. */
export const nodeTemporaryFiles: TemporaryFiles = {
  defaultParent: tmpdir(),
  folderIn: parent => join(parent, `${PREFIX}${process.pid}-${token}`),
  append(path, parts) {
    try {
      const fd = openForAppending(path);
      try {
        writeAll(fd, parts);
      } finally {
        closeSync(fd);
      }
    } catch (cause) {
      throw new RayexecError('io', `a temporary file can't be written: ${(cause as Error).message}`, {
        hint: hintFor(cause),
        cause,
      });
    }
  },
  read(path, offset, target) {
    let done = 0;
    try {
      const fd = openSync(path, 'r');
      try {
        while (done < target.length) {
          const count = readSync(fd, target, done, target.length - done, offset + done);
          if (count === 0) break;
          done += count;
        }
      } finally {
        closeSync(fd);
      }
    } catch (cause) {
      throw new RayexecError('io', `a temporary file can't be read: ${(cause as Error).message}`, { cause });
    }
    if (done < target.length)
      throw new RayexecError('io', `the temporary file '${path}' is damaged: it ends at byte ${offset + done}`);
  },
  remove(path) {
    try {
      rmSync(path, { recursive: true, force: true });
      rmdirSync(dirname(path));
    } catch {
      // Not empty, or gone. What stays is removed by the next process that starts here.
    }
  },
  removeOrphans(parent) {
    for (const name of namesIn(parent)) {
      const [, pid, of] = FOLDER.exec(name) ?? [];
      if (pid === undefined || of === token) continue;
      const folder = join(parent, name);
      try {
        if (isInUse(folder, Number(pid))) continue;
        rmSync(folder, { recursive: true, force: true });
      } catch {
        // Gone meanwhile, or another user's.
      }
    }
  },
};

function openForAppending(path: string): number {
  try {
    return openSync(path, 'a', 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    return openSync(path, 'a', 0o600);
  }
}

function writeAll(fd: number, parts: readonly Uint8Array[]): void {
  let left = parts.filter(p => p.length > 0);
  while (left.length > 0) {
    let written = writevSync(fd, left);
    while (left.length > 0 && written >= left[0]!.length) {
      written -= left[0]!.length;
      left = left.slice(1);
    }
    if (written > 0) left = [left[0]!.subarray(written), ...left.slice(1)];
  }
}

function hintFor(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT') return "make room there, or SET temp_directory = '<a folder with more>'";
  return "SET temp_directory = '<a folder that can be written>', or raise memory_limit";
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Whether the process that made a folder still runs; one of this process's id may be an earlier process's. */
function isInUse(folder: string, pid: number): boolean {
  if (pid === process.pid) return statSync(folder).mtimeMs >= Date.now() - 1000 * process.uptime();
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
