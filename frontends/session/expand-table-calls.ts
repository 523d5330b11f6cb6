import { type ConstantContext, constantOf } from '../../src/bind/constant-value.ts';
import { columnName } from '../../src/bind/exprs/column-name.ts';
import { RayexecError, type Span } from '../../src/common/errors.ts';
import type { Expr } from '../../src/query/expr.ts';
import type { Query, TableFunctionQuery } from '../../src/query/query.ts';
import type { Statement } from '../../src/query/statement.ts';
import { withoutSpans } from '../../src/query/without-spans.ts';
import { scalarToRaw } from '../../src/types/raw-value.ts';
import type { Scalar } from '../../src/types/scalar.ts';
import { parseStatements } from '../sql/index.ts';

type TableCall = TableFunctionQuery & { readonly span?: Span | undefined };

/**
 * Puts queries in the place of table functions that stand for one: `query('SELECT …')`, `query_table('t')`,
 * `query_table(['t', 'u'], by_name)`, `repeat(value, n)`.
 * @throws RayexecError `bind` for arguments that are no constants, `parse` for the text of a query
 */
export function expandTableCalls<T extends Query | Statement>(node: T, constants: ConstantContext): T {
  return expanded(node, constants);
}

function expanded<T>(node: T, constants: ConstantContext): T {
  if (node === null || typeof node !== 'object') return node;
  if (Array.isArray(node)) {
    const items = node.map(item => expanded(item, constants));
    return (items.every((item, i) => item === node[i]) ? node : items) as T;
  }
  if ('kind' in node && node.kind === 'table-function') {
    const query = queryOf(node as unknown as TableCall, constants);
    if (query !== undefined) return query as T;
  }
  const changed = Object.entries(node).flatMap(([key, value]) => {
    const after = expanded(value as unknown, constants);
    return after === value ? [] : [[key, after]];
  });
  return changed.length === 0 ? node : { ...node, ...Object.fromEntries(changed) };
}

function queryOf(call: TableCall, constants: ConstantContext): Query | undefined {
  switch (call.name.toLowerCase()) {
    case 'query':
      return { kind: 'alias', input: expanded(parsed(call, constants), constants), name: 'query', span: call.span };
    case 'query_table':
      return tables(call, constants);
    case 'repeat':
      return repeated(call);
    default:
      return undefined;
  }
}

function parsed(call: TableCall, constants: ConstantContext): Query {
  const text = call.args.length === 1 ? textOf(call.args[0]!, constants) : undefined;
  if (text === undefined) throw misused(call, 'takes one text', "query('SELECT …')");
  const statements = parseStatements(text);
  const [statement] = statements;
  if (statement?.kind !== 'query' || statements.length > 1) throw misused(call, 'takes one query', "query('SELECT …')");
  return withoutSpans(statement.query);
}

/** One table, or several under each other. */
function tables(call: TableCall, constants: ConstantContext): Query {
  const hint = "query_table('t') or query_table(['t', 'u'])";
  const [tablesArgument, byNameArgument] = call.args;
  if (tablesArgument === undefined || call.args.length > 2)
    throw misused(call, 'takes a table, or a list of tables', hint);
  const names = namesOf(tablesArgument, constants);
  if (names === undefined || names.length === 0) throw misused(call, 'takes the names of tables', hint);
  const byName = byNameArgument === undefined ? false : constantOf(byNameArgument, constants)?.value;
  if (typeof byName !== 'boolean') throw misused(call, 'takes true as its second argument to go by names', hint);
  return names
    .map((path): Query => ({ kind: 'table', path, span: call.span }))
    .reduce((left, right) => ({ kind: 'set-op', op: 'union', all: true, byName, left, right, span: call.span }));
}

/** Tables' names as texts or as names. */
function namesOf(expr: Expr, constants: ConstantContext): readonly (readonly string[])[] | undefined {
  if (expr.kind === 'name') return [expr.path];
  if (expr.kind === 'call' && expr.fn === 'list_value') {
    const lists = expr.args.map(item => namesOf(item, constants));
    return lists.every(l => l !== undefined) ? lists.flat() : undefined;
  }
  const value = constantOf(expr, constants);
  if (value?.type.kind === 'list') {
    const items = scalarToRaw(value) as readonly unknown[];
    return items.every(item => typeof item === 'string') ? items.map(item => item.split('.')) : undefined;
  }
  const text = textIn(value);
  return text === undefined ? undefined : [text.split('.')];
}

/** `repeat(value, n)`: n rows, all with this value. */
function repeated(call: TableCall): Query {
  const [value, times] = call.args;
  if (value === undefined || times === undefined || call.args.length > 2)
    throw misused(call, 'takes a value and how many rows have it', 'repeat(42, 10)');
  const { ordinality, span } = call;
  const rows: Query = { kind: 'table-function', name: 'range', args: [times], ordinality, span };
  const items = [{ expr: value, alias: columnName(value) }];
  const counted = ordinality ? [...items, { expr: { kind: 'name' as const, path: ['ordinality'] } }] : items;
  return { kind: 'alias', input: { kind: 'select', from: rows, items: counted, span }, name: 'repeat', span };
}

const textOf = (expr: Expr, constants: ConstantContext): string | undefined => textIn(constantOf(expr, constants));

const textIn = (value: Scalar | undefined): string | undefined =>
  value?.type.kind === 'utf8' && typeof value.value === 'string' ? value.value : undefined;

const misused = (call: TableCall, what: string, hint: string): RayexecError =>
  new RayexecError('bind', `${call.name} ${what}`, { span: call.span, hint });
