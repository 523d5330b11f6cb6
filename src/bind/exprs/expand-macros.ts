import type { Catalog } from '../../catalog/catalog.ts';
import type { MacroEntry } from '../../catalog/entry.ts';
import type { Span } from '../../common/errors.ts';
import type { CallExpr, Expr } from '../../query/expr.ts';
import type { Query, SelectItem, TableFunctionQuery } from '../../query/query.ts';
import type { MacroDefinition, MacroParameter, Statement } from '../../query/statement.ts';
import { bindError } from '../binder.ts';
import { columnName } from './column-name.ts';

type Call = Expr & CallExpr;
type Lambda = Extract<Expr, { kind: 'lambda' }>;
type TableCall = TableFunctionQuery & { readonly span?: Span | undefined };
/** What a call gives its parameters. */
type Arguments = Pick<CallExpr, 'args' | 'named'>;

/**
 * Puts the bodies of macros in the place of their calls, before anything is looked up: what they name is then found like
 * everything else. @throws RayexecError `bind` for arguments that no definition takes, and for macros in themselves
 */
export function expandMacros<T extends Query | Statement>(node: T, catalog: Catalog): T {
  return catalog.macros().length === 0 ? node : expand(node, catalog, []);
}

/** @param within the macros whose bodies are being expanded */
function expand<T>(node: T, catalog: Catalog, within: readonly MacroEntry[]): T {
  if (Array.isArray(node))
    return same(
      node,
      node.map(item => expand(item, catalog, within)),
    ) as T;
  if (node === null || typeof node !== 'object') return node;
  const inner = expandChildren(node, catalog, within);
  if (!('kind' in inner)) return inner;
  if (inner.kind === 'call' && 'fn' in inner)
    return (expandCall(inner as unknown as Call, catalog, within) ?? inner) as T;
  if (inner.kind === 'table-function')
    return (expandTableCall(inner as unknown as TableCall, catalog, within) ?? inner) as T;
  // A column is still called as the query spelled it.
  if (inner.kind === 'select' && 'items' in inner) {
    const before = (node as unknown as { readonly items: readonly SelectItem[] }).items;
    const items = (inner.items as readonly SelectItem[]).map((item, i) => named(item, before[i]!));
    return { ...inner, items };
  }
  return inner;
}

const same = <T>(before: readonly T[], after: readonly T[]): readonly T[] =>
  after.every((item, i) => item === before[i]) ? before : after;

function expandChildren<T extends object>(node: T, catalog: Catalog, within: readonly MacroEntry[]): T {
  const changed: [string, unknown][] = [];
  for (const [key, value] of Object.entries(node)) {
    const after = expand(value as unknown, catalog, within);
    if (after !== value) changed.push([key, after]);
  }
  return changed.length === 0 ? node : { ...node, ...Object.fromEntries(changed) };
}

function named(item: SelectItem, before: SelectItem): SelectItem {
  if (item.expr === before.expr || item.alias !== undefined || item.expr.kind === 'star') return item;
  return { expr: item.expr, alias: columnName(before.expr) };
}

function expandCall(call: Call, catalog: Catalog, within: readonly MacroEntry[]): Expr | undefined {
  const { qualifier = [], fn } = call;
  const own = catalog.macro([...qualifier, fn], false);
  if (own !== undefined) return expandWith(own, call, call.span, catalog, within) as Expr;
  // `a.f(b)` is `f(a, b)` where a is no schema.
  const chained = qualifier.length === 0 ? undefined : catalog.macro([fn], false);
  if (chained === undefined) return undefined;
  const first: Expr = { kind: 'name', path: qualifier, span: call.span };
  return expandWith(chained, { ...call, args: [first, ...call.args] }, call.span, catalog, within) as Expr;
}

function expandTableCall(call: TableCall, catalog: Catalog, within: readonly MacroEntry[]): Query | undefined {
  const macro = catalog.macro(call.name.split('.'), true);
  if (macro === undefined) return undefined;
  const input = expandWith(macro, call, call.span, catalog, within) as Query;
  return { kind: 'alias', input, name: macro.name, span: call.span };
}

function expandWith(
  macro: MacroEntry,
  call: Arguments,
  span: Span | undefined,
  catalog: Catalog,
  within: readonly MacroEntry[],
): Expr | Query {
  if (within.includes(macro))
    throw bindError(`Macro ${macro.name}() calls itself`, span, 'a macro is put in the place of its calls');
  for (const definition of macro.definitions) {
    const values = parameterValues(definition, call);
    if (values === undefined) continue;
    const { body } = definition;
    const replaced = 'expr' in body ? substitute(body.expr, values) : substitute(body.query, values);
    const expanded = expand(replaced, catalog, [...within, macro]);
    return 'expr' in body ? { ...(expanded as Expr), span } : (expanded as Query);
  }
  const candidates = macro.definitions.map(d => `${macro.name}(${d.params.map(parameterText).join(', ')})`);
  throw bindError(
    `Macro ${macro.name}() does not support the supplied arguments`,
    span,
    `candidates: ${candidates.join('; ')}`,
  );
}

const parameterText = (p: MacroParameter): string => (p.default === undefined ? p.name : `${p.name} := …`);

/** The arguments by parameter, in lower case; undefined when they do not fit. */
function parameterValues(
  { params }: MacroDefinition,
  { args, named: given = {} }: Arguments,
): ReadonlyMap<string, Expr> | undefined {
  if (args.length > params.length) return undefined;
  const values = new Map<string, Expr>();
  const put = (p: MacroParameter, value: Expr): void => {
    values.set(p.name.toLowerCase(), p.type === undefined ? value : castTo(value, p.type));
  };
  for (const [i, arg] of args.entries()) put(params[i]!, arg);
  for (const [name, value] of Object.entries(given)) {
    const found = params.find(p => p.name.toLowerCase() === name.toLowerCase());
    if (found === undefined || values.has(found.name.toLowerCase())) return undefined;
    put(found, value);
  }
  for (const p of params) {
    if (values.has(p.name.toLowerCase())) continue;
    if (p.default === undefined) return undefined;
    put(p, p.default);
  }
  return values;
}

const castTo = (input: Expr, type: NonNullable<MacroParameter['type']>): Expr => ({
  kind: 'cast',
  input,
  type,
  try: false,
});

/** A body with values in the place of its parameters; `p.a` is the field a of the value. */
function substitute<T>(node: T, values: ReadonlyMap<string, Expr>): T {
  if (Array.isArray(node))
    return same(
      node,
      node.map(item => substitute(item, values)),
    ) as T;
  if (node === null || typeof node !== 'object') return node;
  if ('kind' in node && node.kind === 'name' && 'path' in node) {
    const [first, ...fields] = node.path as readonly string[];
    const value = values.get(first!.toLowerCase());
    if (value === undefined) return node;
    return fields.reduce<Expr>((input, name) => ({ kind: 'field', input, name }), value) as T;
  }
  if ('kind' in node && node.kind === 'lambda' && 'params' in node)
    return substituteInLambda(node as unknown as Lambda, values) as T;
  const entries = Object.entries(node).map(([key, value]) => [key, substitute(value as unknown, values)] as const);
  return Object.fromEntries(entries) as T;
}

/** A lambda's parameters hide the macro's, and must not catch what the values name: where they would, they get other names. */
function substituteInLambda(lambda: Lambda, values: ReadonlyMap<string, Expr>): Lambda {
  const hidden = new Set(lambda.params.map(p => p.toLowerCase()));
  const within = new Map([...values].filter(([name]) => !hidden.has(name)));
  const named = new Set<string>();
  for (const value of within.values()) collectNames(value, named);
  const params = lambda.params.map(param => {
    let fresh = param;
    for (let n = 1; named.has(fresh.toLowerCase()); n++) fresh = `${param}_${n}`;
    if (fresh !== param) within.set(param.toLowerCase(), { kind: 'name', path: [fresh] });
    return fresh;
  });
  return { ...lambda, params, body: substitute(lambda.body, within) };
}

/** The first parts of all names in an expression, in lower case. */
function collectNames(node: unknown, into: Set<string>): void {
  if (node === null || typeof node !== 'object') return;
  const { kind, path } = node as { readonly kind?: unknown; readonly path?: readonly string[] };
  if (kind === 'name' && path !== undefined) into.add(path[0]!.toLowerCase());
  for (const child of Object.values(node)) collectNames(child, into);
}
