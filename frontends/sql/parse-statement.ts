import type { Expr } from '../../src/query/expr.ts';
import type { Statement } from '../../src/query/statement.ts';
import { parseAlter } from './parse-alter.ts';
import { parseComment } from './parse-comment.ts';
import { parseCopy } from './parse-copy.ts';
import { parseCreate, parseDrop } from './parse-create.ts';
import { parseDatabase } from './parse-database.ts';
import { parseTableArguments } from './parse-from.ts';
import { parseInsert, parseObjectName } from './parse-insert.ts';
import { parseDelete, parseMerge, parseTruncate, parseUpdate } from './parse-modify.ts';
import { parseQueryWith, parseWith } from './parse-query.ts';
import { parseSettingValue } from './parse-setting.ts';
import { parseUpkeep } from './parse-upkeep.ts';
import { startsQuery, type TokenStream } from './token-stream.ts';

/** One statement, without the semicolon that ends it. */
export function parseStatement(s: TokenStream): Statement {
  const start = s.pos;
  return { ...s.nested(() => parseKind(s)), span: s.span(start) };
}

function parseKind(s: TokenStream): Statement {
  switch (s.token.word) {
    case 'create':
      return parseCreate(s);
    case 'drop':
      return parseDrop(s);
    case 'alter':
      return parseAlter(s);
    case 'with':
      return parseStatementWith(s);
    case 'insert':
    case 'replace':
    case 'update':
    case 'delete':
    case 'merge':
      return parseChange(s);
    case 'truncate':
      return parseTruncate(s);
    case 'copy':
      return parseCopy(s);
    case 'explain':
      return parseExplain(s);
    case 'set':
      return parseSet(s);
    case 'reset':
      return parseReset(s);
    case 'prepare':
      return parsePrepare(s);
    case 'execute':
      return parseExecute(s);
    case 'deallocate':
      return parseDeallocate(s);
    case 'use':
      s.pos++;
      return { kind: 'use', name: parseObjectName(s, 'a schema') };
    case 'call': {
      s.pos++;
      const name = s.path('a function').join('.');
      return { kind: 'call', name, ...parseTableArguments(s, name) };
    }
    case 'pragma':
      return parsePragma(s);
    case 'comment':
      return parseComment(s);
    default:
      return parseTransaction(s) ?? parseUpkeep(s) ?? parseDatabase(s) ?? parseQueryStatement(s);
  }
}

/** A statement that changes a table's rows. */
function parseChange(s: TokenStream): Statement & { readonly kind: 'insert' | 'update' | 'delete' | 'merge' } {
  switch (s.token.word) {
    case 'update':
      return parseUpdate(s);
    case 'delete':
      return parseDelete(s);
    case 'merge':
      return parseMerge(s);
    default:
      return parseInsert(s);
  }
}

const CHANGES: ReadonlySet<string> = new Set(['insert', 'replace', 'update', 'delete', 'merge']);

/** WITH in front of a query, or of a change of rows. */
function parseStatementWith(s: TokenStream): Statement {
  const start = s.pos;
  const clause = parseWith(s);
  return s.isOneOf(CHANGES)
    ? { ...parseChange(s), with: clause }
    : { kind: 'query', query: parseQueryWith(s, clause, start) };
}

/** Statements of the dialect that have no meaning in this engine. */
const FOREIGN: ReadonlySet<string> = new Set([
  ...['grant', 'revoke', 'lock', 'listen', 'notify', 'cluster', 'reindex', 'refresh', 'savepoint', 'release'],
]);

function parseQueryStatement(s: TokenStream): Statement {
  const { token } = s;
  const isQuery = s.is('(') || s.is('values') || startsQuery(s);
  if (!isQuery && token.kind === 'name' && FOREIGN.has(token.word))
    s.unsupported(`${token.word.toUpperCase()} as a statement`);
  if (!isQuery) s.fail('a statement, such as SELECT, CREATE or INSERT');
  const query = s.query();
  return { kind: 'query', query };
}

const BEGIN: ReadonlySet<string> = new Set(['begin', 'start']);
const COMMIT: ReadonlySet<string> = new Set(['commit', 'end']);
const ROLLBACK: ReadonlySet<string> = new Set(['rollback', 'abort']);

function parseTransaction(s: TokenStream): Statement | undefined {
  const action = s.isOneOf(BEGIN)
    ? 'begin'
    : s.isOneOf(COMMIT)
      ? 'commit'
      : s.isOneOf(ROLLBACK)
        ? 'rollback'
        : undefined;
  if (action === undefined) return undefined;
  const isStart = s.is('start');
  s.pos++;
  if (isStart) s.expect('transaction');
  else if (!s.accept('transaction')) s.accept('work');
  if (s.is('to')) s.unsupported('ROLLBACK TO a savepoint');
  if (action !== 'begin' || !s.accept('read')) return { kind: 'transaction', action };
  if (s.accept('only')) return { kind: 'transaction', action, readOnly: true };
  s.expect('write');
  return { kind: 'transaction', action };
}

type Explain = Extract<Statement, { kind: 'explain' }>;

const EXPLAIN_FORMATS = ['text', 'json', 'mermaid', 'html', 'stages'];

function parseExplainFormat(s: TokenStream): string {
  const at = s.pos;
  const format = (s.take('string') ?? s.label('a format, such as JSON')).toLowerCase();
  if (EXPLAIN_FORMATS.includes(format)) return format;
  s.pos = at;
  s.fail(`one of the formats ${EXPLAIN_FORMATS.join(', ')}`);
}

/** `EXPLAIN [ANALYZE | VERBOSE] statement`, `EXPLAIN (FORMAT json | mermaid | stages, ANALYZE) statement`, `EXPLAIN (STAGES | TRACE) statement` */
function parseExplain(s: TokenStream): Statement {
  s.pos++;
  let mode: Explain['mode'] = 'plan';
  let format: string | undefined;
  const option = (): boolean => {
    if (s.accept('analyze') || s.accept('analyse')) mode = 'analyze';
    else if (s.accept('verbose')) mode = mode === 'analyze' ? mode : 'verbose';
    else return false;
    return true;
  };
  if (s.is('(') && !startsQuery(s, 1) && s.peek().word !== '(') {
    s.bracketed(() =>
      s.list(() => {
        if (s.accept('format')) format = parseExplainFormat(s);
        else if (s.accept('stages')) mode = 'stages';
        else if (s.accept('trace')) mode = 'trace';
        else if (!option()) s.fail('FORMAT, ANALYZE, VERBOSE, STAGES or TRACE');
      }),
    );
  } else while (option());
  if (format === 'stages') return { kind: 'explain', statement: parseStatement(s), mode: 'stages', format: undefined };
  return { kind: 'explain', statement: parseStatement(s), mode, format };
}

/** `SET [SESSION | GLOBAL | LOCAL] name = value`, `SET VARIABLE x = 1`, `SET TIME ZONE 'UTC'` */
function parseSet(s: TokenStream): Statement {
  s.pos++;
  const next = s.peek().word;
  if (next !== '=' && next !== 'to') s.acceptOneOf('session', 'global', 'local');
  if (s.accept('time', 'zone')) return { kind: 'set', name: 'timezone', value: parseSetting(s) };
  const variable = s.is('variable') && s.peek().word !== '=' && s.accept('variable') ? true : undefined;
  const name = parseSettingName(s);
  const isSchema = !variable && SCHEMA_SETTINGS.has(name.toLowerCase());
  if (!s.accept('=') && !s.accept('to') && !(isSchema && s.token.kind === 'string')) s.fail("'=' or TO");
  if (isSchema && s.token.kind === 'string')
    return { kind: 'use', name: { path: s.take('string')!.split('.'), span: s.span(s.pos - 1) } };
  if (!variable && s.accept('default')) return { kind: 'reset', name };
  return { kind: 'set', name, value: variable ? s.expr() : parseSetting(s), variable };
}

/** Settings whose value is the schema that USE sets. */
const SCHEMA_SETTINGS: ReadonlySet<string> = new Set(['schema', 'search_path']);

/** Settings may be named with words and dots: `datafusion.execution.batch_size`. */
function parseSettingName(s: TokenStream): string {
  const parts = [s.label('the name of a setting')];
  while (s.accept('.')) parts.push(s.label('a name'));
  return parts.join('.');
}

/** A setting's value; a bare word is a string, several values between commas are a list. */
function parseSetting(s: TokenStream): Expr {
  const start = s.pos;
  const values = s.list(() => parseSettingValue(s));
  return values.length === 1 ? values[0]! : { kind: 'call', fn: 'list_value', args: values, span: s.span(start) };
}

function parseReset(s: TokenStream): Statement {
  s.pos++;
  if (s.peek().kind === 'name') s.acceptOneOf('session', 'global', 'local');
  const variable = s.peek().kind === 'name' && s.accept('variable') ? true : undefined;
  return { kind: 'reset', name: parseSettingName(s), variable };
}

function parsePrepare(s: TokenStream): Statement {
  s.pos++;
  const name = s.name('the name of the prepared statement');
  if (s.is('(')) s.bracketedList(() => s.type()); // types are found when bound
  s.expect('as');
  return { kind: 'prepare', name, statement: parseStatement(s) };
}

function parseExecute(s: TokenStream): Statement {
  s.pos++;
  const name = s.name('the name of a prepared statement');
  const given = s.is('(') ? parseTableArguments(s, name) : { args: [], named: undefined };
  return { kind: 'execute', name, ...given };
}

function parseDeallocate(s: TokenStream): Statement {
  s.pos++;
  s.accept('prepare');
  return s.accept('all')
    ? { kind: 'deallocate' }
    : { kind: 'deallocate', name: s.name('the name of a prepared statement') };
}

const shows = (what: 'tables' | 'all-tables' | 'databases' | 'functions'): Statement => ({
  kind: 'query',
  query: { kind: 'show', what },
});
const sets = (name: string, value: boolean): Statement => ({
  kind: 'set',
  name,
  value: { kind: 'literal', value: { type: { kind: 'boolean' }, value } },
});

/** Pragmas that are other statements. */
const PRAGMAS: Readonly<Record<string, Statement>> = {
  show_tables: shows('tables'),
  show_tables_expanded: shows('all-tables'),
  show_databases: shows('databases'),
  functions: shows('functions'),
  enable_optimizer: sets('enable_optimizer', true),
  disable_optimizer: sets('enable_optimizer', false),
  enable_verification: sets('verify_optimized_plan', true),
  disable_verification: sets('verify_optimized_plan', false),
  enable_progress_bar: sets('enable_progress_bar', true),
  disable_progress_bar: sets('enable_progress_bar', false),
  enable_print_progress_bar: sets('enable_progress_bar', true),
  disable_print_progress_bar: sets('enable_progress_bar', false),
  force_checkpoint: { kind: 'upkeep', task: 'checkpoint' },
};

/** `PRAGMA name = value` sets; `PRAGMA f(x)` and `PRAGMA f` call `pragma_f`. */
function parsePragma(s: TokenStream): Statement {
  s.pos++;
  const name = s.name('the name of a pragma');
  if (s.accept('=')) return { kind: 'set', name, value: parseSetting(s) };
  const word = name.toLowerCase();
  const same = !s.is('(') && Object.hasOwn(PRAGMAS, word) ? PRAGMAS[word] : undefined;
  if (same !== undefined) return same;
  const given = s.is('(') ? parseTableArguments(s, name) : { args: [], named: undefined };
  return { kind: 'call', name: `pragma_${word}`, ...given };
}
