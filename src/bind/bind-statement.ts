import { fullPath, schemaKey, TEMP_SCHEMA } from '../catalog/schema-key.ts';
import { RayexecError } from '../common/errors.ts';
import type { Expr } from '../query/expr.ts';
import { isQuery } from '../query/is-query.ts';
import type { Statement } from '../query/statement.ts';
import { withoutSpans } from '../query/without-spans.ts';
import { type DataType, UTF8 } from '../types/data-type.ts';
import { formatRaw } from '../types/format-raw.ts';
import { scalarToRaw } from '../types/raw-value.ts';
import type { Scalar } from '../types/scalar.ts';
import { boundQuery, newBinder, withPlace } from './bind.ts';
import { type Binder, type BindOptions, bindError, notYet, type Resolved } from './binder.ts';
import type { BoundStatement } from './bound-statement.ts';
import { constantValue } from './constant-value.ts';
import { bindType } from './exprs/bind-type.ts';
import { renamedColumns } from './select/renamed-columns.ts';
import { bindAlter } from './statements/bind-alter.ts';
import { bindAlterView } from './statements/bind-alter-view.ts';
import { bindAttach } from './statements/bind-attach.ts';
import { bindComment } from './statements/bind-comment.ts';
import { bindCopyFrom, bindCopyTo } from './statements/bind-copy.ts';
import { bindCreateTable } from './statements/bind-create-table.ts';
import { bindDrop } from './statements/bind-drop.ts';
import { bindCreateIndex } from './statements/bind-index.ts';
import { bindInsert } from './statements/bind-insert.ts';
import { bindCreateMacro } from './statements/bind-macro.ts';
import { bindMerge } from './statements/bind-merge.ts';
import { bindDelete, bindTruncate, bindUpdate } from './statements/bind-modify.ts';
import { bindCreateSequence } from './statements/bind-sequence.ts';
import { bindLoad, bindUpkeep } from './statements/bind-upkeep.ts';
import { freePlace, missingSchema } from './statements/free-place.ts';
import { systemFunction } from './system/system-relations.ts';

type Of<K extends Statement['kind']> = Extract<Statement, { kind: K }>;

/**
 * Settles what a statement means: a plan to run, a change of the catalog, or an order to the session, as data.
 * @throws RayexecError `bind` | `catalog` | `unsupported` with the place in `options.source`
 */
export function bindStatement(statement: Statement, resolved: Resolved, options: BindOptions): BoundStatement {
  return withPlace(options, () => bindKind(newBinder(resolved, options), statement));
}

function bindKind(b: Binder, statement: Statement): BoundStatement {
  switch (statement.kind) {
    case 'query':
      return { kind: 'query', query: boundQuery(b, statement.query) };
    case 'create-table':
      return bindCreateTable(b, statement);
    case 'create-view':
      return bindCreateView(b, statement);
    case 'create-schema':
      return bindCreateSchema(b, statement);
    case 'create-type':
      return bindCreateType(b, statement);
    case 'drop':
      return bindDrop(b, statement);
    case 'insert':
      return bindInsert(b, statement);
    case 'update':
      return bindUpdate(b, statement);
    case 'delete':
      return bindDelete(b, statement);
    case 'truncate':
      return bindTruncate(b, statement);
    case 'copy-to':
      return bindCopyTo(b, statement);
    case 'copy-from':
      return bindCopyFrom(b, statement);
    case 'explain':
      return {
        kind: 'explain',
        statement: bindKind(b, statement.statement),
        mode: statement.mode === 'analyze' && statement.format === 'html' ? 'html' : statement.mode,
        format: statement.format,
      };
    case 'set':
      if (statement.variable === true)
        return { kind: 'set-variable', name: statement.name.toLowerCase(), value: variableValue(b, statement) };
      return { kind: 'set', name: statement.name.toLowerCase(), value: settingValue(b, statement) };
    case 'reset':
      if (statement.variable === true) return { kind: 'set-variable', name: statement.name.toLowerCase() };
      return { kind: 'reset', name: statement.name.toLowerCase() };
    case 'prepare':
      return { kind: 'prepare', name: statement.name, statement: statement.statement };
    case 'execute': {
      const positional = statement.args.map((e, i) => [String(i + 1), constantOf(b, e)] as const);
      const named = Object.entries(statement.named ?? {}).map(([name, e]) => [name, constantOf(b, e)] as const);
      return { kind: 'execute', name: statement.name, parameters: Object.fromEntries([...positional, ...named]) };
    }
    case 'deallocate':
      return { kind: 'deallocate', name: statement.name };
    case 'transaction':
      return { kind: 'transaction', action: statement.action, readOnly: statement.readOnly };
    case 'alter-view':
      return bindAlterView(b, statement);
    case 'create-index':
      return bindCreateIndex(b, statement);
    case 'comment':
      return bindComment(b, statement);
    case 'upkeep':
      return bindUpkeep(b, statement);
    case 'load':
      return bindLoad(statement);
    case 'attach':
    case 'detach':
      return bindAttach(b, statement);
    case 'export-database':
    case 'import-database':
      throw notYet(`${statement.kind === 'export-database' ? 'EXPORT' : 'IMPORT'} DATABASE is`, statement.span);
    case 'use':
      return bindUse(b, statement);
    case 'call':
      return bindCallStatement(b, statement);
    case 'create-macro':
      return bindCreateMacro(b, statement);
    case 'create-sequence':
      return bindCreateSequence(b, statement);
    case 'alter-table':
      return bindAlter(b, statement);
    case 'merge':
      return bindMerge(b, statement);
  }
}

/** The view's query is bound once, for its errors; what is kept is the query by names. */
function bindCreateView(b: Binder, statement: Of<'create-view'>): BoundStatement {
  const place = freePlace(b, statement, 'View');
  if (place === undefined) return { kind: 'nothing' };
  const { scope } = b.query(b, statement.query, { outer: undefined, ctes: undefined });
  renamedColumns(scope.columns, statement.columns, `view "${place.name}"`, statement.name.span);
  const view = {
    kind: 'view',
    ...place,
    query: withoutSpans(statement.query),
    columns: statement.columns,
    text: b.options.source,
  } as const;
  return { kind: 'change', change: { change: 'create-view', view } };
}

function bindCreateSchema(b: Binder, { name, mode }: Of<'create-schema'>): BoundStatement {
  const [last, catalog] = [name.path.at(-1)!, name.path.at(-2)];
  const schema = schemaKey(
    catalog === undefined ? b.catalog.currentCatalog : b.catalog.catalogNamed(catalog, name.span),
    last,
  );
  if (!b.catalog.hasSchema(schema)) return { kind: 'change', change: { change: 'create-schema', name: schema } };
  if (mode === 'if-not-exists') return { kind: 'nothing' };
  throw new RayexecError('catalog', `Schema with name "${last}" already exists!`, { span: name.span });
}

function bindCreateType(b: Binder, statement: Of<'create-type'>): BoundStatement {
  const { name, type, mode } = statement;
  const place = b.catalog.place(name, statement.temporary === true);
  if (b.catalog.type(fullPath(place)) !== undefined && mode !== 'or-replace') {
    if (mode === 'if-not-exists') return { kind: 'nothing' };
    throw new RayexecError('catalog', `Type with name "${place.name}" already exists!`, { span: name.span });
  }
  const made = isQuery(type) ? enumOf(b, statement) : bindType(b, type, name.span);
  return { kind: 'change', change: { change: 'create-type', type: { ...place, type: made } } };
}

/** The ENUM of the values that a query gave, in its order: each once, without NULL. */
function enumOf(b: Binder, statement: Of<'create-type'>): DataType {
  const rows = b.pivotValues.get(statement) ?? [];
  if (rows.some(row => row.length !== 1))
    throw bindError('The query of an ENUM must have one column', statement.name.span);
  const texts = rows.flatMap(([v]) => (v!.value === null ? [] : [formatRaw(v!.type, scalarToRaw(v!))]));
  return { kind: 'enum', values: [...new Set(texts)] };
}

/** The value of SET VARIABLE: a constant, or what a query gave. */
function variableValue(b: Binder, statement: Of<'set'>): Scalar {
  const [row] = b.pivotValues.get(statement) ?? [];
  return row?.[0] ?? constantOf(b, statement.value);
}

/** A setting's value: a constant, or a bare word (`SET default_order = desc`). */
function settingValue(b: Binder, { value }: Of<'set'>): Scalar {
  if (value.kind === 'name' && value.path.length === 1) return { type: UTF8, value: value.path[0]! };
  return constantOf(b, value);
}

function constantOf(b: Binder, expr: Expr): Scalar {
  const value = constantValue(expr, b.options.parameters) ?? b.options.evaluate?.(expr);
  if (value === undefined)
    throw bindError('A constant is needed here', expr.span, 'write a value; there are no columns to read here');
  return value;
}

function bindUse(b: Binder, { name }: Of<'use'>): BoundStatement {
  const schema = b.catalog.schemaAt(name);
  if (schema === TEMP_SCHEMA)
    throw new RayexecError('catalog', 'USE: temporary things are found without it', { span: name.span });
  if (!b.catalog.hasSchema(schema)) throw missingSchema(b, schema, name);
  return { kind: 'change', change: { change: 'use', schema } };
}

/** CALL of a table function is a query of its rows; other names are the session's procedures. */
function bindCallStatement(b: Binder, { name, args, named, span }: Of<'call'>): BoundStatement {
  if (b.catalog.tableFunction(name) !== undefined || systemFunction({ name, args }) !== undefined) {
    return { kind: 'query', query: boundQuery(b, { kind: 'table-function', name, args, named, span }) };
  }
  const positional = args.map(e => constantOf(b, e));
  const byName = Object.fromEntries(Object.entries(named ?? {}).map(([k, e]) => [k.toLowerCase(), constantOf(b, e)]));
  return { kind: 'procedure', name: name.toLowerCase(), positional, named: byName };
}
