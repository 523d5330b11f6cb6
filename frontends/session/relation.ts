import { invariant, RayexecError } from '../../src/common/errors.ts';
import type { BoundSource } from '../../src/plan/logical-plan.ts';
import type { Query } from '../../src/query/query.ts';
import type { StorageContext } from '../../src/storage/column-range.ts';
import { TableVersion } from '../../src/storage/table-version.ts';
import type { Field, Schema } from '../../src/types/data-type.ts';
import type { ArrowTableLike, FromJs } from '../dataframe/index.ts';
import { literalOfColumn, type SchemaLiteral, schemaOfLiteral } from '../dataframe/schema-literal.ts';
import type { Connection } from './connection.ts';
import { inferType, typedArrayType } from './infer-type.ts';
import { ingest, type JsColumn } from './ingest.ts';

/** The static column types of JavaScript columns. */
export type ColumnsOf<C> = { [K in keyof C]: ColumnOf<C[K]> };
type ColumnOf<A> = A extends Float64Array
  ? 'float64'
  : A extends Float32Array
    ? 'float32'
    : A extends Int8Array
      ? 'int8'
      : A extends Int16Array
        ? 'int16'
        : A extends Int32Array
          ? 'int32'
          : A extends BigInt64Array
            ? 'int64'
            : A extends Uint8Array
              ? 'uint8'
              : A extends Uint16Array
                ? 'uint16'
                : A extends Uint32Array
                  ? 'uint32'
                  : A extends BigUint64Array
                    ? 'uint64'
                    : A extends ArrayLike<infer V>
                      ? FromJs<V> extends infer T
                        ? T
                        : never
                      : never;

/** Makes rows a relation of the database; they are copied into its memory when a query first reads them. */
export function relationOfRows(
  connection: Connection,
  rows: readonly Record<string, unknown>[],
  literal?: SchemaLiteral,
): Query {
  if (!Array.isArray(rows)) {
    throw new RayexecError('invalid-argument', 'from() wants an array of objects, one for each row', {
      hint: 'fromColumns({ x: [1, 2] }) takes an array for each column',
    });
  }
  const names = literal === undefined ? columnNames(rows) : Object.keys(literal);
  const columns = names.map(name => rows.map(row => row[name]));
  const schema = literal === undefined ? inferSchema(names, columns) : schemaOfLiteral(literal);
  checkNotNull(schema, columns);
  return register(connection, schema, columns, rows.length);
}

/** Makes columns a relation of the database. */
export function relationOfColumns(connection: Connection, columns: Readonly<Record<string, JsColumn>>): Query {
  const names = Object.keys(columns);
  const values = Object.values(columns);
  const rows = values[0]?.length ?? 0;
  for (const [i, v] of values.entries()) {
    if (v.length !== rows) {
      throw new RayexecError(
        'invalid-argument',
        `column '${names[i]}' has ${v.length} values, '${names[0]}' has ${rows}`,
      );
    }
  }
  return register(connection, inferSchema(names, values), values, rows);
}

/** Makes an Arrow table, or the bytes of one in IPC form, a relation of the database. */
export function relationOfArrow(connection: Connection, data: ArrowTableLike | Uint8Array): Query {
  const names = data instanceof Uint8Array ? [] : arrowNames(data);
  const id = connection.provided.newRelation(names);
  return provide(connection, id, async () => {
    const { ingestArrow } = await import('./ingest-arrow.ts');
    const { schema, version } = await ingestArrow(machineOf(connection), data);
    return { version, source: scanOf(`Arrow table of ${version.rows} rows`, schema, version) };
  });
}

type Ingested = { readonly version: TableVersion; readonly source: BoundSource };

/** Makes a relation of what is ingested when a query first reads it, and then no longer kept as it was given. */
function provide(connection: Connection, id: number, ingested: () => Ingested | Promise<Ingested>): Query {
  const query: Query = { kind: 'relation', id };
  let ingest: typeof ingested | undefined = ingested;
  let loaded: Ingested | Promise<Ingested> | undefined;
  let isReleased = false;
  const source = (): BoundSource | Promise<BoundSource> => {
    if (isReleased) throw gone();
    loaded ??= ingest!();
    ingest = undefined;
    return loaded instanceof Promise ? loaded.then(l => l.source) : loaded.source;
  };
  const release = (): void => {
    isReleased = true;
    if (loaded instanceof Promise)
      loaded.then(
        l => l.version.release(),
        () => undefined,
      );
    else loaded?.version.release();
    loaded = ingest = undefined;
  };
  connection.provided.addRelation({ id, label: 'relation', source, release }, query);
  return query;
}

const gone = (): RayexecError =>
  new RayexecError('catalog', 'The data of this frame is gone', { hint: 'keep the frame as long as its SQL is used' });

function arrowNames(table: ArrowTableLike): readonly string[] {
  const { schema } = table as { readonly schema?: { readonly fields?: readonly { readonly name: string }[] } };
  return schema?.fields?.map(f => f.name) ?? [];
}

const scanOf = (label: string, schema: Schema, version: TableVersion): BoundSource => ({
  fn: 'table_scan',
  label,
  schema,
  statistics: version.statistics(),
  splits: version.splits(),
  state: null,
});

function register(connection: Connection, schema: Schema, columns: readonly JsColumn[], rows: number): Query {
  const id = connection.provided.newRelation(schema.map(f => f.name));
  return provide(connection, id, () => {
    const version = TableVersion.of(ingest(machineOf(connection), schema, columns, rows));
    return { version, source: scanOf(`relation of ${rows} rows`, schema, version) };
  });
}

/** A query that reads the relation has started the engine. */
function machineOf({ opened }: Connection): StorageContext {
  invariant(opened !== undefined, 'a query reads a relation');
  return opened.session.host.readyMachine;
}

/** The keys of all rows, in the order of their first appearance. */
function columnNames(rows: readonly Record<string, unknown>[]): readonly string[] {
  const names = new Set<string>();
  for (const row of rows) for (const name of Object.keys(row)) names.add(name);
  return [...names];
}

function inferSchema(names: readonly string[], columns: readonly JsColumn[]): Schema {
  return names.map((name, i): Field => {
    const column = columns[i]!;
    const typed = typedArrayType(column);
    if (typed !== undefined) return { name, type: typed, nullable: false };
    const values = Array.from(column);
    return { name, type: inferType(name, values), nullable: values.some(v => v === null || v === undefined) };
  });
}

function checkNotNull(schema: Schema, columns: readonly JsColumn[]): void {
  for (const [i, field] of schema.entries()) {
    if (field.nullable) continue;
    const column = columns[i];
    invariant(column !== undefined, 'a column for each field');
    const at = Array.from(column).findIndex(v => v === null || v === undefined);
    if (at >= 0) {
      throw new RayexecError('constraint', `column '${field.name}' is not nullable, but row ${at} has no value`, {
        hint: `write ${JSON.stringify(literalOfColumn({ type: field.type, nullable: true })).replaceAll('"', "'")} in the schema to allow it`,
      });
    }
  }
}
