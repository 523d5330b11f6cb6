import type { AlterAction, Statement } from '../../src/query/statement.ts';
import { parseColumn } from './parse-column.ts';
import { parseObjectName } from './parse-insert.ts';
import type { TokenStream } from './token-stream.ts';

/** `ALTER TABLE [IF EXISTS] t action`, `ALTER VIEW v RENAME TO w` */
export function parseAlter(s: TokenStream): Statement {
  const start = s.pos++;
  if (s.accept('view')) return parseAlterView(s);
  if (!s.accept('table')) {
    if (['sequence', 'database', 'schema', 'type', 'function', 'role', 'user'].includes(s.token.word))
      s.unsupported(`ALTER ${s.label().toUpperCase()}`, start);
    s.fail('TABLE or VIEW');
  }
  const ifExists = s.accept('if', 'exists');
  const name = parseObjectName(s, 'the name of the table');
  const action = parseAction(s);
  if (s.is(',')) s.unsupported('ALTER TABLE with several changes');
  return { kind: 'alter-table', name, ifExists, action };
}

function parseAlterView(s: TokenStream): Statement {
  const ifExists = s.accept('if', 'exists');
  const name = parseObjectName(s, 'the name of the view');
  s.expect('rename');
  s.expect('to');
  return { kind: 'alter-view', name, ifExists, to: s.name('the new name') };
}

/** What follows ADD, when it is a constraint. */
function parseAddedConstraint(s: TokenStream, start: number): AlterAction | undefined {
  const isNamed = s.accept('constraint');
  if (isNamed) s.name('the name of the constraint');
  if (s.accept('primary', 'key')) return { kind: 'add-key', primary: true, columns: s.nameList() };
  if (s.is('unique', '(') && s.accept('unique')) return { kind: 'add-key', primary: false, columns: s.nameList() };
  if (isNamed || s.is('foreign', 'key') || s.is('check', '('))
    s.unsupported('ALTER TABLE … ADD CHECK or FOREIGN KEY', start, 'CREATE TABLE states them');
  return undefined;
}

/** The path to a field: the names before the last one, `st.inner` of `st.inner.x`. */
function parseFieldPath(s: TokenStream): readonly string[] {
  const path: string[] = [];
  while (s.peek().word === '.') {
    path.push(s.name('a column'));
    s.expect('.');
  }
  return path;
}

function parseAction(s: TokenStream): AlterAction {
  const start = s.pos;
  switch (s.acceptOneOf('add', 'drop', 'rename', 'alter', 'set')) {
    case 'add': {
      const constraint = parseAddedConstraint(s, start);
      if (constraint !== undefined) return constraint;
      s.accept('column');
      const ifNotExists = s.accept('if', 'not', 'exists');
      const path = parseFieldPath(s);
      const column = parseColumn(s, []);
      if (path.length > 0) return { kind: 'add-field', path: [...path, column.name], column, ifNotExists };
      return { kind: 'add-column', column, ifNotExists };
    }
    case 'drop': {
      if (s.is('constraint')) s.unsupported('ALTER TABLE … DROP CONSTRAINT', start);
      s.accept('column');
      const ifExists = s.accept('if', 'exists');
      const path = parseFieldPath(s);
      const column = s.name('a column');
      if (path.length > 0) return { kind: 'drop-field', path: [...path, column], ifExists };
      const cascade = s.accept('cascade');
      if (!cascade) s.accept('restrict');
      return { kind: 'drop-column', column, ifExists, cascade };
    }
    case 'rename': {
      if (s.accept('to')) return { kind: 'rename-table', to: s.name('the new name') };
      s.accept('column');
      const path = parseFieldPath(s);
      const column = s.name('a column');
      s.expect('to');
      if (path.length > 0) return { kind: 'rename-field', path: [...path, column], to: s.name('the new name') };
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
