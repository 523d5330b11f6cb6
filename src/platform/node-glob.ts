import type { Dirent } from 'node:fs';
import { sep } from 'node:path';
import { hasWildcards, segmentPattern } from './glob-pattern.ts';
import { existsSync, readdirSync, statSync } from './node-fs.ts';

/** Files that match a glob, sorted; `**` matches any number of directories. A path without wildcards, or one that exists as it is written, is itself. */
export function globFiles(pattern: string): readonly string[] {
  if (!hasWildcards(pattern) || existsSync(pattern)) return existsSync(pattern) ? [pattern] : [];
  const segments = pattern.split(sep === '\\' ? /[\\/]/ : '/');
  const isAbsolute = segments[0] === '';
  const found = new Set<string>();
  walk(isAbsolute ? '/' : '', isAbsolute ? segments.slice(1) : segments, found);
  return [...found].sort();
}

function walk(directory: string, segments: readonly string[], found: Set<string>): void {
  const [segment, ...rest] = segments;
  if (segment === undefined) return;
  const isLast = rest.length === 0;
  if (segment === '**') {
    walk(directory, isLast ? ['*'] : rest, found);
    // Links are not followed: they may lead in circles.
    for (const entry of entriesOf(directory)) {
      if (entry.isDirectory() && !entry.name.startsWith('.')) walk(`${directory}${entry.name}/`, segments, found);
    }
    return;
  }
  if (!hasWildcards(segment)) {
    const path = directory + segment;
    if (!isLast) walk(`${path}/`, rest, found);
    else if (kindOf(path) === 'file') found.add(path);
    return;
  }
  const matches = segmentPattern(segment);
  for (const entry of entriesOf(directory)) {
    if (!matches.test(entry.name)) continue;
    const path = directory + entry.name;
    const kind = entry.isSymbolicLink() ? kindOf(path) : entry.isDirectory() ? 'directory' : 'file';
    if (isLast && kind === 'file') found.add(path);
    else if (!isLast && kind === 'directory') walk(`${path}/`, rest, found);
  }
}

function entriesOf(directory: string): Dirent[] {
  try {
    return readdirSync(directory === '' ? '.' : directory, { withFileTypes: true });
  } catch {
    return [];
  }
}

function kindOf(path: string): 'file' | 'directory' | undefined {
  try {
    return statSync(path).isDirectory() ? 'directory' : 'file';
  } catch {
    return undefined;
  }
}
