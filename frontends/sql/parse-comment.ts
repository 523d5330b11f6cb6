import type { Comment } from '../../src/query/statement.ts';
import type { TokenStream } from './token-stream.ts';

const COMMENTED: ReadonlySet<string> = new Set([
  ...['table', 'view', 'column', 'sequence', 'macro', 'function', 'type', 'index'],
]);

/** `COMMENT ON TABLE t IS 'text'`, `COMMENT ON COLUMN t.a IS NULL` */
export function parseComment(s: TokenStream): Comment {
  s.pos++;
  s.expect('on');
  if (!s.isOneOf(COMMENTED)) {
    if (s.is('schema') || s.is('database')) s.unsupported(`COMMENT ON ${s.token.word.toUpperCase()}`);
    s.fail('TABLE, VIEW, COLUMN, SEQUENCE, MACRO, TYPE or INDEX');
  }
  const word = s.label().toLowerCase();
  const isMacro = word === 'macro' || word === 'function';
  const on = isMacro ? (s.accept('table') ? 'macro-table' : 'macro') : (word as Comment['on']);
  const start = s.pos;
  const path = s.path(`the name of the ${word}`);
  const name = { path, span: s.span(start) };
  s.expect('is');
  if (s.accept('null')) return { kind: 'comment', on, name };
  return { kind: 'comment', on, name, text: s.take('string') ?? s.fail('a text, or NULL') };
}
