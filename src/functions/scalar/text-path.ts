import { RayexecError } from '../../common/errors.ts';
import { BOOLEAN, type DataType, list, UTF8 } from '../../types/data-type.ts';
import type { ScalarFunction, ScalarOverload } from '../function.ts';
import { generic } from '../overload.ts';
import { textDoc } from '../text/documented.ts';
import { mapRows } from '../text/map-rows.ts';
import { rowOverload } from './row-overload.ts';

const SEPARATORS: Readonly<Record<string, RegExp>> = {
  system: /\//,
  forward_slash: /\//,
  both_slash: /[/\\]/,
  backslash: /\\/,
};

/** Names that are not known mean both, as in DuckDB. */
function separatorOf(name: string): RegExp {
  return Object.hasOwn(SEPARATORS, name) ? SEPARATORS[name]! : SEPARATORS['both_slash']!;
}

/** The parts between separators; a separator in front is the first part. */
function partsOf(path: string, separator: string): readonly string[] {
  const by = separatorOf(separator);
  const parts = path.split(by).filter(p => p !== '');
  return path !== '' && by.test(path[0]!) ? [path[0]!, ...parts] : parts;
}

function fileName(path: string, cutEnding = false, separator = 'both_slash'): string {
  const name = path.split(separatorOf(separator)).at(-1)!;
  const dot = name.lastIndexOf('.');
  return cutEnding && dot >= 0 ? name.slice(0, dot) : name;
}

/** The root is its own folder. */
function folderPath(path: string, separator = 'both_slash'): string {
  const by = separatorOf(separator);
  if (path.length === 1 && by.test(path)) return path;
  for (let i = path.length - 1; i >= 0; i--) if (by.test(path[i]!)) return path.slice(0, i);
  return '';
}

function firstFolder(path: string, separator = 'both_slash'): string {
  return separatorOf(separator).test(path) ? partsOf(path, separator)[0]! : '';
}

/** What an absolute path begins with: a scheme with its authority, or a separator. */
const ROOT = /^(?:([a-z][a-z\d+.-]*:\/\/[^/\\]*)|[/\\])/i;

/** The parts joined, with `.` and `..` followed; a separator at the end stays. */
function joined(parts: readonly string[]): string {
  const names: string[] = [];
  const [whole, address] = ROOT.exec(parts[0]!) ?? [''];
  const root = whole === '' ? '' : `${address ?? ''}/`;
  for (const [i, part] of parts.entries()) {
    if (i > 0 && ROOT.test(part))
      throw new RayexecError('invalid-argument', `the path "${part}" cannot follow "${parts[i - 1]}": it is absolute`);
    for (const name of (i === 0 ? part.slice(whole.length) : part).split(/[/\\]/)) {
      if (name === '' || name === '.') continue;
      if (name === '..' && names.length > 0 && names.at(-1) !== '..') names.pop();
      else if (name !== '..' || root === '') names.push(name);
    }
  }
  if (names.length === 0) return root === '' ? '.' : root;
  return root + names.join('/') + (/[/\\]$/.test(parts.at(-1)!) ? '/' : '');
}

const withSeparator = (
  returns: DataType,
  compute: (path: string, separator: string) => string | readonly string[],
): readonly ScalarOverload[] => [
  rowOverload('path', [UTF8], returns, (path: string) => compute(path, 'both_slash')),
  rowOverload('separator', [UTF8, UTF8], returns, compute),
];

/** Paths of files. */
export const pathFunctions: readonly ScalarFunction[] = [
  {
    name: 'parse_path',
    doc: textDoc('The parts of a path.', ['path', 'separator'], ["parse_path('/a/b.csv')", '[/, a, b.csv]']),
    overloads: withSeparator(list(UTF8), partsOf),
  },
  {
    name: 'parse_filename',
    doc: textDoc(
      'The last part of a path, without its ending if wanted.',
      ['path', 'cut ending', 'separator'],
      ["parse_filename('/a/b.csv', true)", 'b'],
    ),
    overloads: [
      rowOverload('path', [UTF8], UTF8, (path: string) => fileName(path)),
      rowOverload('ending', [UTF8, BOOLEAN], UTF8, (path: string, cut: boolean) => fileName(path, cut)),
      rowOverload('separator', [UTF8, UTF8], UTF8, (path: string, by: string) => fileName(path, false, by)),
      rowOverload('all', [UTF8, BOOLEAN, UTF8], UTF8, fileName),
    ],
  },
  {
    name: 'parse_dirname',
    doc: textDoc('The first folder of a path.', ['path', 'separator'], ["parse_dirname('a/b/c.csv')", 'a']),
    overloads: withSeparator(UTF8, firstFolder),
  },
  {
    name: 'parse_dirpath',
    doc: textDoc('The path without its last part.', ['path', 'separator'], ["parse_dirpath('a/b/c.csv')", 'a/b']),
    overloads: withSeparator(UTF8, folderPath),
  },
  {
    name: 'path_join',
    doc: textDoc('Parts of a path put together.', ['part', '…'], ["path_join('a', 'b', '../c')", 'a/c']),
    overloads: [
      generic(
        'texts',
        '(VARCHAR, ...) -> VARCHAR',
        args =>
          args.length > 0 && args.every(a => a.kind === 'utf8' || a.kind === 'null')
            ? { args: args.map(() => UTF8), returns: UTF8, cost: 0 }
            : undefined,
        (ctx, call) => mapRows(ctx, call, (...parts) => joined(parts as string[])),
        { canFail: true },
      ),
    ],
  },
];
