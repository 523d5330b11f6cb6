import type { AlterAction, Statement } from '../../src/query/statement.ts';
import { parseColumn } from './parse-column.ts';
import { parseObjectName } from './parse-insert.ts';
import type { TokenStream } from './token-stream.ts';

/** `ALTER TABLE [IF EXISTS] t action` */
export function parseAlter(s: TokenStream): Statement {
  const start = s.pos++;
  if (!s.accept('table')) {
    if (['view', 'sequence', 'database', 'schema', 'type', 'function', 'role', 'user'].includes(s.token.word))
      s.unsupported(`ALTER ${s.label().toUpperCase()}`, start);
    s.fail('TABLE');
  }
  const ifExists = s.accept('if', 'exists');
  const name = parseObjectName(s, 'the name of the table');
  const action = parseAction(s);
  if (s.is(',')) s.unsupported('ALTER TABLE with several changes');
  return { kind: 'alter-table', name, ifExists, action };
}

function parseAction(s: TokenStream): AlterAction {
  const start = s.pos;
  switch (s.acceptOneOf('add', 'drop', 'rename', 'alter', 'set')) {
    case 'add': {
      if (['constraint', 'primary', 'foreign', 'check'].includes(s.token.word) || s.is('unique', '('))
        s.unsupported('ALTER TABLE … ADD CONSTRAINT', start);
      s.accept('column');
      const ifNotExists = s.accept('if', 'not', 'exists');
      return { kind: 'add-column', column: parseColumn(s, []), ifNotExists };
    }
    case 'drop': {
      if (s.is('constraint')) s.unsupported('ALTER TABLE … DROP CONSTRAINT', start);
      s.accept('column');
      const ifExists = s.accept('if', 'exists');
      const column = s.name('a column');
      const cascade = s.accept('cascade');
      if (!cascade) s.accept('restrict');
      return { kind: 'drop-column', column, ifExists, cascade };
    }
    case 'rename': {
      if (s.accept('to')) return { kind: 'rename-table', to: s.name('the new name') };
      s.accept('column');
      const column = s.name('a column');
      s.expect('to');
      return { kind: 'rename-column', column, to: s.name('the new name') };
    }
    case 'alter':
      s.accept('column');
      return parseColumnAction(s, s.name('a column'));
    default:
      return s.pos > start ? s.unsupported('ALTER TABLE … SET', start) : s.fail('ADD, DROP, RENAME or ALTER');
  }
}

function parseColumnAction(s: TokenStream, column: string): AlterAction {
  if (s.accept('set', 'not', 'null')) return { kind: 'set-not-null', column };
  if (s.accept('drop', 'not', 'null')) return { kind: 'drop-not-null', column };
  if (s.accept('set', 'default')) return { kind: 'set-default', column, value: s.expr() };
  if (s.accept('drop', 'default')) return { kind: 'set-default', column };
  if (!s.accept('set', 'data', 'type') && !s.accept('set', 'type') && !s.accept('type'))
    s.fail('TYPE, SET DEFAULT, DROP DEFAULT, SET NOT NULL or DROP NOT NULL');
  const type = s.type();
  return { kind: 'set-type', column, type, using: s.accept('using') ? s.expr() : undefined };
}
