import type { Expr } from '../../src/query/expr.ts';
import type { Query } from '../../src/query/query.ts';
import type { CreateMode, MacroDefinition, MacroParameter, ObjectName, Statement } from '../../src/query/statement.ts';
import { parseTableContents } from './parse-column.ts';
import { parseObjectName } from './parse-insert.ts';
import { startsQuery, type TokenStream } from './token-stream.ts';

/** CREATE [OR REPLACE] [TEMP] TABLE, VIEW, SCHEMA, TYPE, MACRO, SEQUENCE. */
export function parseCreate(s: TokenStream): Statement {
  const start = s.pos++;
  const replace = s.accept('or', 'replace');
  const temporary =
    s.acceptOneOf('temp', 'temporary') !== undefined ||
    (s.accept('local') && (s.accept('temp') || s.accept('temporary')));
  s.accept('unlogged');
  if (s.is('persistent') || s.is('persist')) s.pos++;
  const what = s.token.word;
  switch (what) {
    case 'table':
      return parseCreateTable(s, replace, temporary);
    case 'recursive':
    case 'view':
      return parseCreateView(s, replace, temporary);
    case 'schema':
      return { kind: 'create-schema', ...parseHead(s, replace) };
    case 'type':
      return parseCreateType(s, replace, temporary);
    case 'macro':
    case 'function':
      return parseCreateMacro(s, replace, temporary);
    case 'sequence':
      return parseCreateSequence(s, replace, temporary);
    case 'unique':
      s.pos++;
      if (!s.is('index')) s.fail('INDEX');
      return parseCreateIndex(s, replace, true);
    case 'index':
      return parseCreateIndex(s, replace, false);
    case 'external':
    case 'materialized':
    case 'secret':
    case 'database':
    case 'trigger':
    case 'role':
    case 'user':
    case 'unbounded':
      return s.unsupported(`CREATE ${s.label().toUpperCase()}`, start);
    default:
      return s.fail('TABLE, VIEW, SCHEMA, TYPE, MACRO, SEQUENCE or INDEX');
  }
}

/** From the word TABLE (or another) on: the mode and the object's name. */
function parseHead(s: TokenStream, replace: boolean): { mode: CreateMode; name: ObjectName } {
  const what = s.token.word;
  s.pos++;
  const ifNotExists = s.accept('if', 'not', 'exists');
  if (ifNotExists && replace) s.error('OR REPLACE and IF NOT EXISTS exclude each other', s.peek(-1));
  const mode = replace ? 'or-replace' : ifNotExists ? 'if-not-exists' : 'create';
  return { mode, name: parseObjectName(s, `the name of the ${what}`) };
}

function parseCreateTable(s: TokenStream, replace: boolean, temporary: boolean): Statement {
  const head = parseHead(s, replace);
  const { columns, constraints } =
    s.is('(') && !startsQuery(s, 1) ? parseTableContents(s) : { columns: [], constraints: [] };
  parseOnCommit(s);
  if (!s.accept('as')) {
    if (columns.length === 0) s.fail("'(' and columns, or AS and a query");
    const untyped = columns.find(column => column.type === undefined && column.generated === undefined);
    if (untyped !== undefined) s.error(`column ${untyped.name} has no type`, untyped.span!);
    return { kind: 'create-table', ...head, columns, constraints, temporary };
  }
  const query = s.query();
  let withData: boolean | undefined;
  if (s.accept('with', 'no', 'data')) withData = false;
  else if (s.accept('with', 'data')) withData = true;
  return { kind: 'create-table', ...head, columns, constraints, query, temporary, withData };
}

/** ON COMMIT PRESERVE ROWS, which is what happens. */
function parseOnCommit(s: TokenStream): void {
  if (!s.is('on', 'commit')) return;
  s.pos += 2;
  if (!s.accept('preserve', 'rows')) s.unsupported('ON COMMIT DELETE ROWS or DROP');
}

function parseCreateView(s: TokenStream, replace: boolean, temporary: boolean): Statement {
  const recursive = s.is('recursive') ? s.pos++ : undefined;
  if (recursive !== undefined && !s.is('view')) s.fail('VIEW');
  const head = parseHead(s, replace);
  const columns = s.is('(') ? s.nameList() : undefined;
  s.expect('as');
  const query = s.query();
  if (recursive === undefined) return { kind: 'create-view', ...head, columns, query, temporary };
  // It reads itself by its name: it is a table of WITH RECURSIVE.
  const name = head.name.path.at(-1)!;
  const ctes = [{ name, columns, query }];
  const input: Query = { kind: 'table', path: [name] };
  return { kind: 'create-view', ...head, query: { kind: 'with', recursive: true, ctes, input }, temporary };
}

function parseCreateType(s: TokenStream, replace: boolean, temp: boolean): Statement {
  const head = { ...parseHead(s, replace), ...(temp ? { temporary: temp } : {}) };
  s.expect('as');
  if (s.is('enum', '(') && startsQuery(s, 2)) {
    s.pos++;
    return { kind: 'create-type', ...head, type: s.bracketed(() => s.query()) };
  }
  return { kind: 'create-type', ...head, type: s.type() };
}

function parseCreateMacro(s: TokenStream, replace: boolean, temporary: boolean): Statement {
  const head = parseHead(s, replace);
  const definitions = s.list(() => parseMacroDefinition(s));
  const isTable = 'query' in definitions[0]!.body;
  if (definitions.some(d => 'query' in d.body !== isTable))
    s.error('a macro gives values or tables, not both', s.peek(-1));
  return { kind: 'create-macro', ...head, definitions, temporary };
}

/** `(a, b := 1) AS a + b`, `(n) AS TABLE SELECT …` */
function parseMacroDefinition(s: TokenStream): MacroDefinition {
  const open = s.pos;
  s.expect('(');
  const params: MacroParameter[] = [];
  while (!s.is(')')) {
    const start = s.pos;
    const name = s.name('a parameter');
    const type = (s.token.kind === 'name' && !s.is('default')) || s.token.kind === 'quoted' ? s.type() : undefined;
    const isDefault = s.acceptOneOf(':=', '=>', '=', 'default') !== undefined;
    if (!isDefault && params.at(-1)?.default !== undefined)
      s.error('a parameter without a default follows one with a default', s.span(start));
    params.push({ name, type, default: isDefault ? s.expr() : undefined });
    if (!s.accept(',')) break;
  }
  s.close(open);
  s.expect('as');
  return { params, body: s.accept('table') ? { query: s.query() } : { expr: parseMacroBody(s) } };
}

function parseMacroBody(s: TokenStream): Expr {
  const start = s.pos;
  if (!startsQuery(s)) return s.expr();
  const query = s.query();
  return { kind: 'scalar-query', query, span: s.span(start) };
}

/** `CREATE [UNIQUE] INDEX i ON t USING art (a, (b + 1))`, from the word INDEX on. */
function parseCreateIndex(s: TokenStream, replace: boolean, unique: boolean): Statement {
  s.pos++;
  const ifNotExists = s.accept('if', 'not', 'exists');
  const mode = replace ? 'or-replace' : ifNotExists ? 'if-not-exists' : 'create';
  const name = s.name('the name of the index');
  s.expect('on');
  const table = parseObjectName(s, 'a table');
  if (s.accept('using')) {
    const at = s.pos;
    const method = s.name('ART or BTREE').toLowerCase();
    if (!['art', 'btree', 'hash'].includes(method)) s.error(`there are no indexes of kind ${method}`, s.span(at));
  }
  const keys = s.bracketed(() =>
    s.list(() => {
      const key = s.expr();
      s.acceptOneOf('asc', 'desc');
      if (s.accept('nulls')) s.acceptOneOf('first', 'last');
      return key;
    }),
  );
  if (s.is('where')) s.unsupported('an index of some rows (WHERE)');
  return { kind: 'create-index', name, table, unique, keys, mode };
}

/** `CREATE SEQUENCE s START 10 INCREMENT BY -1 MINVALUE 1 MAXVALUE 99 CYCLE` */
function parseCreateSequence(s: TokenStream, replace: boolean, temporary: boolean): Statement {
  const head = parseHead(s, replace);
  let [start, increment, min, max]: (string | undefined)[] = [];
  let cycle = false;
  for (;;) {
    if (s.accept('start')) {
      s.accept('with');
      start = parseInteger(s);
    } else if (s.accept('increment')) {
      s.accept('by');
      increment = parseInteger(s);
    } else if (s.accept('minvalue')) min = parseInteger(s);
    else if (s.accept('maxvalue')) max = parseInteger(s);
    else if (s.accept('cycle')) cycle = true;
    else if (s.accept('no', 'cycle')) cycle = false;
    else if (!s.accept('no', 'minvalue') && !s.accept('no', 'maxvalue')) break;
  }
  if (increment === '0') s.error('INCREMENT must not be 0', s.peek(-1));
  const first = (increment?.startsWith('-') ? max : min) ?? (increment?.startsWith('-') ? '-1' : '1');
  return {
    kind: 'create-sequence',
    ...head,
    start: start ?? first,
    increment: increment ?? '1',
    min,
    max,
    cycle,
    temporary,
  };
}

function parseInteger(s: TokenStream): string {
  const sign = s.accept('-') ? '-' : '';
  const digits = s.take('number') ?? s.fail('an integer');
  if (!/^\d+$/.test(digits)) s.error(`expected an integer, found ${digits}`, s.peek(-1));
  return sign + String(BigInt(digits));
}

type Dropped = Extract<Statement, { readonly kind: 'drop' }>['what'];
const DROPPABLE: ReadonlySet<string> = new Set([
  ...['table', 'view', 'schema', 'type', 'macro', 'function', 'sequence', 'index'],
]);

/** `DROP TABLE IF EXISTS t CASCADE` */
export function parseDrop(s: TokenStream): Statement {
  const start = s.pos++;
  if (!s.isOneOf(DROPPABLE)) {
    if (['database', 'secret', 'materialized', 'trigger'].includes(s.token.word))
      s.unsupported(`DROP ${s.label().toUpperCase()}`, start);
    s.fail('TABLE, VIEW, SCHEMA, TYPE, MACRO, SEQUENCE or INDEX');
  }
  const word = s.label().toLowerCase();
  const isMacro = word === 'macro' || word === 'function';
  const what = isMacro ? (s.accept('table') ? 'macro-table' : 'macro') : (word as Dropped);
  const ifExists = s.accept('if', 'exists');
  const names = s.list(() => parseObjectName(s, `the name of the ${word}`));
  const cascade = s.accept('cascade');
  if (!cascade) s.accept('restrict');
  return { kind: 'drop', what, names, ifExists, cascade };
}
