import type { ColumnDefinition, CreateTable, TableConstraint } from '../../src/query/statement.ts';
import { quoteName } from './keywords.ts';
import { LEVEL } from './precedence.ts';
import { exprText, type PrintQuery, pathText, typeText } from './print-expr.ts';

const names = (columns: readonly string[]): string => `(${columns.map(quoteName).join(', ')})`;

/** What follows CREATE TABLE. */
export function createTableText(s: CreateTable, printQuery: PrintQuery): string {
  const contents = [
    ...s.columns.map(c => columnText(c, printQuery)),
    ...s.constraints.map(c => constraintText(c, printQuery)),
  ];
  const parts = [(s.mode === 'if-not-exists' ? 'IF NOT EXISTS ' : '') + pathText(s.name.path)];
  if (contents.length > 0) parts.push(`(${contents.join(', ')})`);
  if (s.query !== undefined) parts.push(`AS ${printQuery(s.query)}`);
  if (s.withData !== undefined) parts.push(s.withData ? 'WITH DATA' : 'WITH NO DATA');
  return parts.join(' ');
}

/** `a INTEGER NOT NULL DEFAULT 1` */
export function columnText(c: ColumnDefinition, printQuery: PrintQuery): string {
  const parts = [quoteName(c.name)];
  if (c.type !== undefined) parts.push(typeText(c.type));
  if (c.collation !== undefined) parts.push(`COLLATE ${c.collation.split('.').map(quoteName).join('.')}`);
  if (c.generated !== undefined) parts.push(`GENERATED ALWAYS AS (${exprText(c.generated, printQuery)})`);
  if (c.notNull) parts.push('NOT NULL');
  if (c.default !== undefined) parts.push(`DEFAULT ${exprText(c.default, printQuery, LEVEL.operator)}`);
  if (c.primaryKey) parts.push('PRIMARY KEY');
  if (c.unique) parts.push('UNIQUE');
  if (c.check !== undefined) parts.push(`CHECK (${exprText(c.check, printQuery)})`);
  return parts.join(' ');
}

function constraintText(c: TableConstraint, printQuery: PrintQuery): string {
  switch (c.kind) {
    case 'primary-key':
      return `PRIMARY KEY ${names(c.columns)}`;
    case 'unique':
      return `UNIQUE ${names(c.columns)}`;
    case 'check':
      return `CHECK (${exprText(c.expr, printQuery)})`;
    case 'foreign-key': {
      const referenced = c.referenced.length === 0 ? '' : ` ${names(c.referenced)}`;
      return `FOREIGN KEY ${names(c.columns)} REFERENCES ${pathText(c.table.path)}${referenced}`;
    }
  }
}
