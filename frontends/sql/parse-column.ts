import type { Expr, TypeRef } from '../../src/query/expr.ts';
import type { ColumnDefinition, TableConstraint } from '../../src/query/statement.ts';
import { parseObjectName } from './parse-insert.ts';
import { LEVEL } from './precedence.ts';
import type { TokenStream } from './token-stream.ts';

export type TableContents = {
  readonly columns: readonly ColumnDefinition[];
  readonly constraints: readonly TableConstraint[];
};

/** `(a INTEGER NOT NULL, b VARCHAR DEFAULT 'x', PRIMARY KEY (a))` */
export function parseTableContents(s: TokenStream): TableContents {
  const columns: ColumnDefinition[] = [];
  const constraints: TableConstraint[] = [];
  s.bracketed(() =>
    s.list(() => {
      const constraint = parseTableConstraint(s);
      if (constraint !== undefined) constraints.push(constraint);
      else columns.push(parseColumn(s, constraints));
    }),
  );
  return { columns, constraints };
}

function parseTableConstraint(s: TokenStream): TableConstraint | undefined {
  if (s.accept('constraint')) {
    s.name('the name of the constraint');
    return parseTableConstraint(s) ?? s.fail('PRIMARY KEY, UNIQUE, CHECK or FOREIGN KEY');
  }
  if (s.accept('primary', 'key')) return { kind: 'primary-key', columns: s.nameList() };
  if (s.is('unique', '(')) {
    s.pos++;
    return { kind: 'unique', columns: s.nameList() };
  }
  if (s.is('check', '(')) {
    s.pos++;
    return { kind: 'check', expr: s.bracketed(() => s.expr()) };
  }
  if (!s.accept('foreign', 'key')) return undefined;
  const columns = s.nameList();
  return { kind: 'foreign-key', columns, ...parseReferences(s) };
}

/** `REFERENCES t (a)`; what happens on changes is read and not kept: only NO ACTION is meant. */
function parseReferences(
  s: TokenStream,
): Pick<Extract<TableConstraint, { readonly kind: 'foreign-key' }>, 'table' | 'referenced'> {
  s.expect('references');
  const table = parseObjectName(s, 'a table');
  const referenced = s.is('(') ? s.nameList() : [];
  while (s.is('on')) {
    s.pos++;
    if (!s.accept('delete')) s.expect('update');
    if (!s.accept('no', 'action') && !s.accept('restrict'))
      s.unsupported('FOREIGN KEY … ON DELETE or ON UPDATE with an action');
  }
  return { table, referenced };
}

type Modifiers = {
  type?: TypeRef | undefined;
  notNull: boolean;
  default?: Expr | undefined;
  generated?: Expr | undefined;
  primaryKey: boolean;
  unique: boolean;
  check?: Expr | undefined;
  collation?: string | undefined;
};

/** `a INTEGER NOT NULL DEFAULT 1`; a REFERENCES becomes one of the table's constraints. */
export function parseColumn(s: TokenStream, constraints: TableConstraint[]): ColumnDefinition {
  const start = s.pos;
  const name = s.name('a column');
  const column: Modifiers = { notNull: false, primaryKey: false, unique: false };
  if (startsType(s)) column.type = s.type();
  while (parseModifier(s, name, column, constraints));
  return { name, ...column, span: s.span(start) };
}

const MODIFIERS: ReadonlySet<string> = new Set([
  ...['not', 'null', 'default', 'primary', 'unique', 'check', 'references', 'collate', 'constraint', 'generated', 'as'],
]);

function startsType(s: TokenStream): boolean {
  const { kind, word } = s.token;
  return (
    kind === 'quoted' ||
    (kind === 'name' && !(MODIFIERS.has(word) && word !== 'generated') && !s.is('generated', 'always'))
  );
}

function parseModifier(s: TokenStream, name: string, column: Modifiers, constraints: TableConstraint[]): boolean {
  if (s.accept('constraint')) s.name('the name of the constraint');
  if (s.accept('not', 'null')) column.notNull = true;
  else if (s.accept('null')) column.notNull = false;
  else if (s.accept('default')) column.default = s.expr(LEVEL.operator);
  else if (s.accept('primary', 'key')) column.primaryKey = true;
  else if (s.accept('unique')) column.unique = true;
  else if (s.accept('check'))
    column.check = conjunction(
      column.check,
      s.bracketed(() => s.expr()),
    );
  else if (s.accept('collate')) column.collation = s.path('a collation').join('.');
  else if (s.is('references')) constraints.push({ kind: 'foreign-key', columns: [name], ...parseReferences(s) });
  else if (s.accept('generated', 'always', 'as') || s.accept('as')) {
    column.generated = s.bracketed(() => s.expr());
    if (!s.accept('virtual') && s.is('stored'))
      s.unsupported('a generated column that is STORED', s.pos, 'VIRTUAL computes it when read');
  } else return false;
  return true;
}

function conjunction(first: Expr | undefined, second: Expr): Expr {
  return first === undefined ? second : { kind: 'call', fn: 'and', args: [first, second] };
}
