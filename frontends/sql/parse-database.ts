import type { CopyOptions, Statement } from '../../src/query/statement.ts';
import { parseCopyOptions } from './parse-copy.ts';
import type { TokenStream } from './token-stream.ts';

/** ATTACH, DETACH, EXPORT DATABASE and IMPORT DATABASE. */
export function parseDatabase(s: TokenStream): Statement | undefined {
  if (s.token.kind !== 'name') return undefined;
  switch (s.token.word) {
    case 'attach':
      return parseAttach(s);
    case 'detach': {
      s.pos++;
      s.accept('database');
      const ifExists = s.accept('if', 'exists');
      return { kind: 'detach', name: s.name('the name of a database'), ifExists };
    }
    case 'export':
    case 'import':
      return s.peek().word === 'database' ? parseTransfer(s) : undefined;
    default:
      return undefined;
  }
}

/** `ATTACH [OR REPLACE] [DATABASE] [IF NOT EXISTS] ':memory:' [AS name] [(options)]` */
function parseAttach(s: TokenStream): Statement {
  s.pos++;
  const replace = s.accept('or', 'replace');
  s.accept('database');
  const ifNotExists = s.accept('if', 'not', 'exists');
  const at = s.pos;
  const path = s.take('string') ?? s.fail("the path of a database, ':memory:'");
  const name = s.accept('as') ? s.name('the name of the database') : nameOf(path);
  if (s.is('(')) s.unsupported('ATTACH with options', at);
  return { kind: 'attach', path, name, mode: replace ? 'or-replace' : ifNotExists ? 'if-not-exists' : 'create' };
}

/** A database without a name of its own has that of its file. */
const nameOf = (path: string): string =>
  path === ':memory:' || path === ''
    ? 'memory'
    : path
        .split(/[/\\]/)
        .at(-1)!
        .replace(/\.[^.]*$/, '');

/** `EXPORT DATABASE 'directory' (FORMAT parquet)`, `IMPORT DATABASE 'directory'` */
function parseTransfer(s: TokenStream): Statement {
  const isExport = s.is('export');
  s.pos += 2;
  const directory = s.take('string') ?? s.fail('the path of a directory');
  if (!isExport) return { kind: 'import-database', directory };
  const options: CopyOptions = parseCopyOptions(s);
  return { kind: 'export-database', directory, options };
}
