import type { Statement, Upkeep } from '../../src/query/statement.ts';
import { parseObjectName } from './parse-insert.ts';
import type { TokenStream } from './token-stream.ts';

const OPTIONS: ReadonlySet<string> = new Set(['full', 'freeze', 'verbose', 'analyze', 'analyse']);

/** VACUUM, ANALYZE, CHECKPOINT, INSTALL and LOAD. */
export function parseUpkeep(s: TokenStream): Statement | undefined {
  if (s.token.kind !== 'name') return undefined;
  switch (s.token.word) {
    case 'vacuum':
      s.pos++;
      while (s.isOneOf(OPTIONS)) s.pos++;
      return named(s, 'vacuum');
    case 'analyze':
    case 'analyse':
      s.pos++;
      s.accept('verbose');
      return named(s, 'analyze');
    case 'force':
      if (s.peek().word === 'install') return parseLoad(s, 2);
      if (s.peek().word !== 'checkpoint') return undefined;
      s.pos++;
      return named(s, 'checkpoint');
    case 'checkpoint':
      return named(s, 'checkpoint');
    case 'install':
    case 'load':
      return parseLoad(s, 1);
    default:
      return undefined;
  }
}

/** What follows: nothing, or a name; columns stand in parentheses. */
function named(s: TokenStream, task: Upkeep['task']): Upkeep {
  if (task === 'checkpoint') s.pos++;
  if (s.token.kind === 'end' || s.is(';')) return { kind: 'upkeep', task };
  const name = parseObjectName(s, task === 'checkpoint' ? 'a database' : 'a table');
  if (task === 'checkpoint' || !s.is('(')) return { kind: 'upkeep', task, name };
  return { kind: 'upkeep', task, name, columns: s.nameList() };
}

/** `[FORCE] INSTALL json [FROM core]`, `LOAD 'json'` */
function parseLoad(s: TokenStream, words: number): Statement {
  s.pos += words;
  const extension = s.take('string') ?? s.name('an extension');
  if (s.accept('from') && s.take('string') === undefined) s.name('a repository');
  return { kind: 'load', extension };
}
