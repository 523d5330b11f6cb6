import type { Catalog } from '../catalog/catalog.ts';
import type { TableEntry, ViewEntry } from '../catalog/entry.ts';
import { RayexecError } from '../common/errors.ts';
import type { BoundSource } from '../plan/logical-plan.ts';
import type { Platform } from '../platform/platform.ts';
import type { TableFunction } from '../protocol/table-function.ts';
import type { Expr } from '../query/expr.ts';
import { isQuery } from '../query/is-query.ts';
import type { CommonTable, JoinCondition, PivotQuery, Query, TableFunctionQuery, WithClause } from '../query/query.ts';
import type { Copy, Statement } from '../query/statement.ts';
import { exprsBelow } from '../query/walk.ts';
import { UTF8 } from '../types/data-type.ts';
import type { Scalar } from '../types/scalar.ts';
import type { Resolved } from './binder.ts';
import { isListCall } from './from/bind-list-call.ts';
import { type VisibleTables, valuesQuery } from './from/pivot-values.ts';
import { QUERY_CALLS } from './from/query-calls.ts';
import { calledFunction, sourceCall } from './from/table-call.ts';
import { callKey, fileKey, relationKey, type SourceCall, tableKey } from './resolve-key.ts';
import { copyCall } from './statements/copy-call.ts';
import { referencing } from './statements/referencing.ts';
import { systemFunction, systemRelation } from './system/system-relations.ts';

export type ResolveContext = {
  readonly catalog: Catalog;
  readonly platform: Platform;
  /** Rows of a split that sources without natural splits aim at. */
  readonly splitRows: number;
  readonly parameters: Readonly<Record<string, Scalar>>;
  /** Runs an expression without columns; undefined when it is none, or fails. */
  readonly evaluate?: ((expr: Expr) => Scalar | undefined) | undefined;
  /** Runs a query for the values of a PIVOT that lists none. */
  readonly valuesOf: (query: Query) => Promise<readonly (readonly Scalar[])[]>;
  /** The text that spans point into, so that errors can show it. */
  readonly source?: string | undefined;
};

/**
 * Looks up every table, view, file and table function that a query or statement names; the only step before execution
 * that waits (for files). Names that nothing stands for are left to `bind`, which knows what to say about them.
 * @throws RayexecError `bind` | `io` | `format`
 */
export async function resolve(node: Query | Statement, ctx: ResolveContext): Promise<Resolved> {
  const walk = new Walk(ctx);
  try {
    await walk.visit(node, undefined);
  } catch (error) {
    throw error instanceof RayexecError && ctx.source !== undefined ? error.withSource(ctx.source) : error;
  }
  return { catalog: ctx.catalog, sources: walk.sources, pivotValues: walk.pivotValues, names: walk.names };
}

/** The table, and those that foreign keys connect with it: constraints read them. */
function related(catalog: Catalog, table: TableEntry): readonly TableEntry[] {
  const parents = table.constraints.foreignKeys.flatMap(k => {
    const found = catalog.at(k.table);
    return found?.kind === 'table' ? [found] : [];
  });
  return [table, ...parents, ...referencing({ catalog }, table).map(r => r.from)];
}

type NameExpr = Extract<Expr, { kind: 'name' }>;

/** What a join names its columns by. */
type UsingCondition = Extract<JoinCondition, { kind: 'using' }>;

/** Names of WITH entries, which hide tables. */
type Names = VisibleTables;

const hides = (names: Names, name: string): boolean => {
  for (let n = names; n !== undefined; n = n.next) if (n.table.name.toLowerCase() === name.toLowerCase()) return true;
  return false;
};

/** Whether an expression has a subquery: it has no value until that has run. */
const readsQuery = (expr: Expr): boolean =>
  expr.kind === 'scalar-query' ||
  expr.kind === 'exists' ||
  expr.kind === 'in-query' ||
  expr.kind === 'quantified' ||
  exprsBelow(expr).some(readsQuery);

class Walk {
  readonly sources = new Map<string, BoundSource>();
  readonly pivotValues = new Map<object, readonly (readonly Scalar[])[]>();
  /** Last parts of the names that expressions have, in lower case. */
  readonly names = new Set<string>();
  readonly #ctx: ResolveContext;
  readonly #views = new Set<ViewEntry>();

  constructor(ctx: ResolveContext) {
    this.#ctx = ctx;
  }

  /** Walks queries, statements and expressions alike: what matters are the nodes that name something to read. */
  async visit(value: unknown, names: Names): Promise<void> {
    if (value === null || typeof value !== 'object') return;
    if (Array.isArray(value)) {
      for (const item of value) await this.visit(item, names);
      return;
    }
    if (!('kind' in value)) return this.#children(value, names);
    if (value.kind === 'name') this.names.add((value as NameExpr).path.at(-1)!.toLowerCase());
    if (value.kind === 'using')
      for (const name of (value as unknown as UsingCondition).columns) this.names.add(name.toLowerCase());
    const node = value as Query | Statement;
    switch (node.kind) {
      case 'table':
        return this.#table(node, names);
      case 'relation':
        return this.#relation(node.id);
      case 'table-function':
        return this.#tableFunction(node, names);
      case 'show': {
        // SHOW of a table describes it; SHOW ALL TABLES tells of views' columns.
        const found = node.what === 'setting' ? this.#ctx.catalog.find((node.name ?? '').split('.')) : undefined;
        if (found !== undefined) return this.#entry(found);
        return node.what === 'all-tables' ? this.#allViews() : undefined;
      }
      case 'with':
        return this.visit(node.input, await this.#entered(node, names));
      case 'pivot':
        await this.#children(node, names);
        return this.#pivot(node, names);
      case 'create-macro':
        // What its bodies name is looked up where they are used.
        return;
      case 'create-type':
        await this.#children(node, names);
        if (isQuery(node.type)) this.pivotValues.set(node, await this.#ctx.valuesOf(node.type));
        return;
      case 'set':
        await this.#children(node, names);
        if (node.variable === true && readsQuery(node.value)) {
          const rows = await this.#ctx.valuesOf({ kind: 'select', items: [{ expr: node.value }] });
          this.pivotValues.set(node, rows);
        }
        return;
      case 'copy-from':
        return this.#copyFrom(node);
      case 'call':
        // An expression's call names its function `fn`; only the statement reads a table function.
        if (
          'name' in node &&
          (this.#ctx.catalog.tableFunction(node.name) !== undefined || systemFunction(node) !== undefined)
        )
          return this.#call(node);
        return this.#children(node, names);
      case 'insert':
      case 'update':
      case 'delete':
      case 'merge':
      case 'truncate': {
        // MERGE's actions are called so too; only the statement names a table.
        const found = 'table' in node ? this.#ctx.catalog.find(node.table.path) : undefined;
        if (found?.kind === 'table') for (const table of related(this.#ctx.catalog, found)) await this.#entry(table);
        if (!('with' in node) || node.with === undefined) return this.#children(node, names);
        const { with: clause, ...reading } = node;
        return this.#children(reading, await this.#entered(clause, names));
      }
      case 'comment': {
        const found = node.on === 'column' ? this.#ctx.catalog.find(node.name.path.slice(0, -1)) : undefined;
        if (found !== undefined) await this.#entry(found);
        return;
      }
      case 'alter-table': {
        const found = this.#ctx.catalog.find(node.name.path);
        if (found !== undefined) await this.#entry(found);
        return this.#children(node, names);
      }
      default:
        return this.#children(node, names);
    }
  }

  async #children(node: object, names: Names): Promise<void> {
    for (const child of Object.values(node)) await this.visit(child, names);
  }

  /** Visits the tables of a WITH clause; what follows it sees these names. */
  async #entered({ ctes, recursive }: WithClause, names: Names): Promise<Names> {
    let visible = names;
    const entered = (table: CommonTable): Names => ({ table, recursive, next: visible });
    for (const cte of ctes) {
      await this.visit(cte.query, recursive ? entered(cte) : visible);
      visible = entered(cte);
    }
    return visible;
  }

  async #pivot(node: PivotQuery, names: Names): Promise<void> {
    for (const on of node.on) {
      const query = valuesQuery(node, on, names);
      if (query !== undefined && !this.pivotValues.has(on)) this.pivotValues.set(on, await this.#ctx.valuesOf(query));
    }
  }

  async #table(node: Extract<Query, { kind: 'table' }>, names: Names): Promise<void> {
    const { path } = node;
    const single = path.length === 1 ? path[0]! : undefined;
    if (single !== undefined && hides(names, single)) return;
    const found = this.#ctx.catalog.find(path);
    if (found !== undefined) return this.#entry(found);
    if (systemRelation(path) !== undefined) return this.#allViews();
    const reader = single === undefined ? undefined : this.#ctx.catalog.readerOf(single);
    if (single === undefined || reader === undefined || this.sources.has(fileKey(single))) return;
    const source = await this.#bind(
      reader,
      { fn: reader.name, positional: [{ type: UTF8, value: single }], named: {} },
      node,
    );
    this.sources.set(fileKey(single), source);
  }

  async #entry(entry: TableEntry | ViewEntry): Promise<void> {
    if (entry.kind === 'table') {
      const key = tableKey(entry.schema, entry.name);
      if (!this.sources.has(key)) this.sources.set(key, entry.source());
      return;
    }
    if (this.#views.has(entry)) return;
    this.#views.add(entry);
    // The view's query knows nothing of the WITH entries around its use.
    await this.visit(entry.query, undefined);
  }

  async #relation(id: number): Promise<void> {
    const entry = this.#ctx.catalog.relation(id);
    if (entry !== undefined && !this.sources.has(relationKey(id)))
      this.sources.set(relationKey(id), await entry.source());
  }

  async #tableFunction(node: TableFunctionQuery & Pick<Query, 'span'>, names: Names): Promise<void> {
    // A list is an expression: its rows need no source, but subqueries in it do.
    return isListCall(node, this.#ctx) ? this.#children(node, names) : this.#call(node);
  }

  async #call(node: Pick<TableFunctionQuery, 'name' | 'args' | 'named'> & Pick<Query, 'span'>): Promise<void> {
    if (systemFunction(node) !== undefined) return this.#allViews();
    // In a macro's body, where it may read parameters.
    if (QUERY_CALLS.has(node.name.toLowerCase())) return;
    const fn = calledFunction(this.#ctx.catalog, node);
    const call = sourceCall(fn, node, this.#ctx);
    const key = callKey(call);
    if (!this.sources.has(key)) this.sources.set(key, await this.#bind(fn, call, node));
  }

  /** What the catalog's relations tell of views' columns takes what these read, as far as it is there. */
  async #allViews(): Promise<void> {
    for (const entry of this.#ctx.catalog.entries()) {
      if (entry.kind !== 'view') continue;
      try {
        await this.#entry(entry);
      } catch (error) {
        if (!(error instanceof RayexecError)) throw error;
      }
    }
  }

  async #copyFrom(node: Extract<Copy, { kind: 'copy-from' }>): Promise<void> {
    const { fn, call } = copyCall(this.#ctx.catalog, node, this.#ctx);
    const key = callKey(call);
    if (!this.sources.has(key)) this.sources.set(key, await this.#bind(fn, call, node.table));
    const found = this.#ctx.catalog.find(node.table.path);
    if (found?.kind === 'table') for (const table of related(this.#ctx.catalog, found)) await this.#entry(table);
  }

  async #bind(fn: TableFunction, call: SourceCall, at: Pick<Query, 'span'>): Promise<BoundSource> {
    const { platform, splitRows } = this.#ctx;
    try {
      return await fn.bind({ positional: call.positional, named: call.named }, { platform, splitRows });
    } catch (error) {
      if (!(error instanceof RayexecError) || error.span !== undefined || at.span === undefined) throw error;
      const { code, summary, hint, where, cause } = error;
      throw new RayexecError(code, summary, { hint, where, cause, span: at.span });
    }
  }
}
