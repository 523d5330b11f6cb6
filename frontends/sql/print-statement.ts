import { assertNever } from '../../src/common/errors.ts';
import type { Expr } from '../../src/query/expr.ts';
import type { NamedExpr, WithClause } from '../../src/query/query.ts';
import type {
  AlterAction,
  Copy,
  CreateMode,
  Insert,
  Merge,
  ObjectName,
  Returning,
  Statement,
} from '../../src/query/statement.ts';
import { quoteName } from './keywords.ts';
import { quoteText } from './literal.ts';
import { columnText, createTableText } from './print-create-table.ts';
import { exprText, pathText, tableArgumentsText, typeText } from './print-expr.ts';
import { fromText, itemText } from './print-from.ts';
import { queryText, withClauseText } from './print-query.ts';

const expr = (e: Expr): string => exprText(e, queryText);
const names = (columns: readonly string[] | undefined): string =>
  columns === undefined ? '' : ` (${columns.map(quoteName).join(', ')})`;
const object = (name: ObjectName): string => pathText(name.path);
const optional = (condition: boolean | undefined, text: string): string => (condition ? text : '');
const where = (e: Expr | undefined): string => (e === undefined ? '' : ` WHERE ${expr(e)}`);
const setText = (set: readonly NamedExpr[]): string =>
  set.map(({ name, expr: e }) => `${quoteName(name)} = ${expr(e)}`).join(', ');

/** The statement as SQL, such that `parseStatements` reads it back as the same but for spans. */
export function printStatement(s: Statement): string {
  switch (s.kind) {
    case 'query':
      return queryText(s.query);
    case 'create-table':
      return `${create(s.mode, s.temporary)} TABLE ${createTableText(s, queryText)}`;
    case 'create-view':
      return `${create(s.mode, s.temporary)} VIEW ${head(s)}${names(s.columns)} AS ${queryText(s.query)}`;
    case 'create-schema':
      return `${create(s.mode)} SCHEMA ${head(s)}`;
    case 'create-type':
      return `${create(s.mode, s.temporary)} TYPE ${head(s)} AS ${isQuery(s.type) ? `ENUM (${queryText(s.type)})` : typeText(s.type)}`;
    case 'create-macro':
      return macroText(s);
    case 'create-sequence':
      return sequenceText(s);
    case 'drop': {
      const what = s.what.replace('-', ' ').toUpperCase();
      return `DROP ${what} ${optional(s.ifExists, 'IF EXISTS ')}${s.names.map(object).join(', ')}${optional(s.cascade, ' CASCADE')}`;
    }
    case 'alter-table':
      return `ALTER TABLE ${optional(s.ifExists, 'IF EXISTS ')}${object(s.name)} ${alterText(s.action)}`;
    case 'alter-view':
      return `ALTER VIEW ${optional(s.ifExists, 'IF EXISTS ')}${object(s.name)} RENAME TO ${quoteName(s.to)}`;
    case 'create-index': {
      const name = optional(s.mode === 'if-not-exists', 'IF NOT EXISTS ') + quoteName(s.name);
      const what = `${create(s.mode)}${optional(s.unique, ' UNIQUE')} INDEX`;
      return `${what} ${name} ON ${object(s.table)} (${s.keys.map(expr).join(', ')})`;
    }
    case 'comment': {
      const what = s.on.replace('-', ' ').toUpperCase();
      return `COMMENT ON ${what} ${object(s.name)} IS ${s.text === undefined ? 'NULL' : quoteText(s.text)}`;
    }
    case 'insert':
      return `${withPrefix(s)}${insertText(s)}`;
    case 'update': {
      const from = s.from === undefined ? '' : ` FROM ${fromText(s.from, queryText)}`;
      return `${withPrefix(s)}UPDATE ${target(s)} SET ${setText(s.set)}${from}${where(s.where)}${returning(s.returning)}`;
    }
    case 'delete': {
      const using = s.using === undefined ? '' : ` USING ${fromText(s.using, queryText)}`;
      return `${withPrefix(s)}DELETE FROM ${target(s)}${using}${where(s.where)}${returning(s.returning)}`;
    }
    case 'merge':
      return `${withPrefix(s)}${mergeText(s)}`;
    case 'truncate':
      return `TRUNCATE ${object(s.table)}`;
    case 'copy-to':
    case 'copy-from':
      return copyText(s);
    case 'explain': {
      const options = [
        s.mode === 'plan' ? '' : s.mode.toUpperCase(),
        s.format === undefined ? '' : `FORMAT ${quoteText(s.format)}`,
      ];
      const given = options.filter(option => option !== '');
      return `EXPLAIN ${given.length === 0 ? '' : `(${given.join(', ')}) `}${printStatement(s.statement)}`;
    }
    case 'set':
      return `SET ${optional(s.variable, 'VARIABLE ')}${setting(s.name)} = ${expr(s.value)}`;
    case 'reset':
      return `RESET ${optional(s.variable, 'VARIABLE ')}${setting(s.name)}`;
    case 'prepare':
      return `PREPARE ${quoteName(s.name)} AS ${printStatement(s.statement)}`;
    case 'execute':
      return `EXECUTE ${quoteName(s.name)}(${tableArgumentsText(s.args, s.named, queryText)})`;
    case 'deallocate':
      return `DEALLOCATE ${s.name === undefined ? 'ALL' : quoteName(s.name)}`;
    case 'transaction':
      return s.action.toUpperCase() + optional(s.readOnly, ' READ ONLY');
    case 'use':
      return `USE ${object(s.name)}`;
    case 'attach': {
      const mode = s.mode === 'or-replace' ? 'OR REPLACE ' : optional(s.mode === 'if-not-exists', 'IF NOT EXISTS ');
      return `ATTACH ${mode}${quoteText(s.path)} AS ${quoteName(s.name)}`;
    }
    case 'detach':
      return `DETACH ${optional(s.ifExists, 'DATABASE IF EXISTS ')}${quoteName(s.name)}`;
    case 'upkeep': {
      const columns = s.columns === undefined ? '' : ` (${s.columns.map(quoteName).join(', ')})`;
      return s.task.toUpperCase() + (s.name === undefined ? '' : ` ${object(s.name)}${columns}`);
    }
    case 'load':
      return `LOAD ${quoteText(s.extension)}`;
    case 'export-database':
      return `EXPORT DATABASE ${quoteText(s.directory)}${copyOptionsText(s.options)}`;
    case 'import-database':
      return `IMPORT DATABASE ${quoteText(s.directory)}`;
    case 'call':
      return `CALL ${s.name.split('.').map(quoteName).join('.')}(${tableArgumentsText(s.args, s.named, queryText)})`;
    default:
      return assertNever(s);
  }
}

const withPrefix = ({ with: clause }: { readonly with?: WithClause | undefined }): string =>
  clause === undefined ? '' : `${withClauseText(clause)} `;

function create(mode: CreateMode, temporary = false): string {
  return `CREATE${optional(mode === 'or-replace', ' OR REPLACE')}${optional(temporary, ' TEMPORARY')}`;
}

function head({ mode, name }: { readonly mode: CreateMode; readonly name: ObjectName }): string {
  return optional(mode === 'if-not-exists', 'IF NOT EXISTS ') + object(name);
}

/** Settings have dots; each part is quoted, since any word may stand there. */
const setting = (name: string): string =>
  name
    .split('.')
    .map(part =>
      /^[a-z_]\w*$/i.test(part) && part !== 'session' && part !== 'variable' ? quoteName(part) : `"${part}"`,
    )
    .join('.');

const isQuery = (
  type: Extract<Statement, { readonly kind: 'create-type' }>['type'],
): type is Extract<Statement, { readonly kind: 'query' }>['query'] =>
  'input' in type || 'items' in type || 'path' in type || 'rows' in type || 'left' in type || 'args' in type;

function macroText(s: Extract<Statement, { readonly kind: 'create-macro' }>): string {
  const definitions = s.definitions.map(({ params, body }) => {
    const list = params.map(
      p =>
        quoteName(p.name) +
        (p.type === undefined ? '' : ` ${typeText(p.type)}`) +
        (p.default === undefined ? '' : ` := ${expr(p.default)}`),
    );
    return `(${list.join(', ')}) AS ${'expr' in body ? expr(body.expr) : `TABLE ${queryText(body.query)}`}`;
  });
  return `${create(s.mode, s.temporary)} MACRO ${head(s)}${definitions.join(', ')}`;
}

function sequenceText(s: Extract<Statement, { readonly kind: 'create-sequence' }>): string {
  const bounds =
    optional(s.min !== undefined, ` MINVALUE ${s.min}`) + optional(s.max !== undefined, ` MAXVALUE ${s.max}`);
  return `${create(s.mode, s.temporary)} SEQUENCE ${head(s)} START ${s.start} INCREMENT ${s.increment}${bounds}${optional(s.cycle, ' CYCLE')}`;
}

function alterText(a: AlterAction): string {
  switch (a.kind) {
    case 'add-column':
      return `ADD COLUMN ${optional(a.ifNotExists, 'IF NOT EXISTS ')}${columnText(a.column, queryText)}`;
    case 'drop-column':
      return `DROP COLUMN ${optional(a.ifExists, 'IF EXISTS ')}${quoteName(a.column)}${optional(a.cascade, ' CASCADE')}`;
    case 'rename-column':
      return `RENAME COLUMN ${quoteName(a.column)} TO ${quoteName(a.to)}`;
    case 'rename-table':
      return `RENAME TO ${quoteName(a.to)}`;
    case 'add-field': {
      const { name: _, ...column } = a.column;
      const rest = columnText({ ...column, name: '' }, queryText).replace(/^"" /, '');
      return `ADD COLUMN ${optional(a.ifNotExists, 'IF NOT EXISTS ')}${pathText(a.path)} ${rest}`;
    }
    case 'drop-field':
      return `DROP COLUMN ${optional(a.ifExists, 'IF EXISTS ')}${pathText(a.path)}`;
    case 'rename-field':
      return `RENAME COLUMN ${pathText(a.path)} TO ${quoteName(a.to)}`;
    case 'add-key':
      return `ADD ${a.primary ? 'PRIMARY KEY' : 'UNIQUE'}${names(a.columns)}`;
    case 'set-type':
      return `ALTER COLUMN ${quoteName(a.column)} TYPE ${typeText(a.type)}${a.using === undefined ? '' : ` USING ${expr(a.using)}`}`;
    case 'set-default':
      return `ALTER COLUMN ${quoteName(a.column)} ${a.value === undefined ? 'DROP DEFAULT' : `SET DEFAULT ${expr(a.value)}`}`;
    case 'set-not-null':
      return `ALTER COLUMN ${quoteName(a.column)} SET NOT NULL`;
    case 'drop-not-null':
      return `ALTER COLUMN ${quoteName(a.column)} DROP NOT NULL`;
    default:
      return assertNever(a);
  }
}

function target({ table, alias }: { readonly table: ObjectName; readonly alias?: string | undefined }): string {
  return object(table) + (alias === undefined ? '' : ` AS ${quoteName(alias)}`);
}

function returning(items: readonly Returning[] | undefined): string {
  if (items === undefined) return '';
  return ` RETURNING ${items.map(({ expr: e, alias }) => expr(e) + (alias === undefined ? '' : ` AS ${quoteName(alias)}`)).join(', ')}`;
}

function insertText(s: Insert): string {
  const source = s.source === 'default-values' ? 'DEFAULT VALUES' : queryText(s.source);
  // OR REPLACE and OR IGNORE are the only spelling of a replacement, and the short one of doing nothing.
  const bare = s.onConflict?.columns === undefined ? s.onConflict?.action : undefined;
  const or = bare === 'replace' ? ' OR REPLACE' : bare === 'nothing' ? ' OR IGNORE' : '';
  const conflict = s.onConflict === undefined || or !== '' ? '' : conflictText(s.onConflict);
  return `INSERT${or} INTO ${object(s.table)}${optional(s.alias !== undefined, ` AS ${quoteName(s.alias ?? '')}`)}${names(s.columns)}${optional(s.byName, ' BY NAME')} ${source}${conflict}${returning(s.returning)}`;
}

function conflictText({ columns, action }: NonNullable<Insert['onConflict']>): string {
  const what = typeof action === 'object' ? `DO UPDATE SET ${setText(action.set)}${where(action.where)}` : 'DO NOTHING';
  return ` ON CONFLICT${names(columns)} ${what}`;
}

function mergeText(s: Merge): string {
  const clauses = s.clauses.map(({ when, condition, action }) => {
    const matched = {
      matched: 'MATCHED',
      'not-matched': 'NOT MATCHED',
      'not-matched-by-source': 'NOT MATCHED BY SOURCE',
    }[when];
    return ` WHEN ${matched}${condition === undefined ? '' : ` AND ${expr(condition)}`} THEN ${mergeActionText(action)}`;
  });
  return `MERGE INTO ${target(s)} USING ${itemText(s.using, queryText)} ${mergeOnText(s)}${clauses.join('')}${returning(s.returning)}`;
}

const mergeOnText = ({ on }: Merge): string =>
  Array.isArray(on) ? `USING${names(on as readonly string[])}` : `ON ${expr(on as Expr)}`;

const byText = (word: 'by-name' | 'by-position'): string => word.replace('-', ' ').toUpperCase();

function mergeActionText(action: Merge['clauses'][number]['action']): string {
  switch (action.kind) {
    case 'update':
      return `UPDATE ${typeof action.set === 'string' ? byText(action.set) : `SET ${setText(action.set)}`}`;
    case 'insert': {
      const { columns, values } = action;
      if (values === 'default-values') return 'INSERT DEFAULT VALUES';
      if (typeof values === 'string') return `INSERT ${byText(values)}`;
      return `INSERT${names(columns)} VALUES (${values.map(expr).join(', ')})`;
    }
    case 'error':
      return `ERROR${action.message === undefined ? '' : ` ${expr(action.message)}`}`;
    case 'delete':
      return 'DELETE';
    case 'nothing':
      return 'DO NOTHING';
    default:
      return assertNever(action);
  }
}

function copyOptionsText(given: Copy['options']): string {
  const options = Object.entries(given).map(
    ([name, value]) => `${name.split('.').map(quoteName).join('.')} ${expr(value)}`,
  );
  return options.length === 0 ? '' : ` (${options.join(', ')})`;
}

function copyText(s: Copy): string {
  const list = copyOptionsText(s.options);
  if (s.kind === 'copy-from') return `COPY ${object(s.table)}${names(s.columns)} FROM ${filePath(s.path)}${list}`;
  const source = s.source.kind === 'table' ? pathText(s.source.path) : `(${queryText(s.source)})`;
  return `COPY ${source} TO ${filePath(s.path)}${list}`;
}

const filePath = (path: Expr): string =>
  path.kind === 'literal' || path.kind === 'parameter' ? expr(path) : `(${expr(path)})`;
