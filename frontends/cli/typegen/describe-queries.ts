import { RayexecError } from '../../../src/common/errors.ts';
import type { Schema } from '../../../src/types/data-type.ts';
import { type ColumnLiteral, literalOfColumn } from '../../dataframe/schema-literal.ts';
import { connect } from '../../session/connect.ts';
import type { Database } from '../../session/database.ts';
import type { DatabaseSchema } from '../../session/database-schema.ts';
import { parse } from '../../sql/index.ts';
import { checkFile } from '../check/check-file.ts';
import { parametersOf } from '../check/check-statement.ts';
import { type EmbeddedSql, embeddedSql } from '../check/embedded-sql.ts';
import { readFile } from '../check/read-files.ts';

/** The columns of a query, by its text. */
export type DescribedQuery = {
  readonly text: string;
  readonly columns: readonly (readonly [name: string, type: ColumnLiteral])[];
};

export type DescribedQueries = { readonly queries: readonly DescribedQuery[]; readonly problems: readonly string[] };

/**
 * Binds the literal texts that programs give to `.sql(…)`: over a schema's tables, those that statements in a file of SQL make,
 * and those that each program makes itself before. What does not bind is a problem, which others may go without.
 */
export async function describeQueries(
  paths: readonly string[],
  schema: DatabaseSchema,
  tables: string | undefined,
): Promise<DescribedQueries> {
  const queries = new Map<string, DescribedQuery>();
  const problems: string[] = [];
  for (const path of paths) {
    await using db: Database = connect({ threads: 0, schema });
    if (tables !== undefined) problems.push(...(await checkFile(db, tables, readFile(tables))).problems);
    const source = readFile(path);
    problems.push(...(await checkFile(db, path, source)).problems);
    for (const { text } of embeddedSql(source).texts.filter(isKept)) {
      const columns = queries.has(text) ? undefined : await columnsOf(db, text);
      if (columns !== undefined) queries.set(text, { text, columns });
    }
  }
  return { queries: [...queries.values()], problems };
}

/** Texts that the compiler knows: those of templates it does not. */
const isKept = ({ method, form }: EmbeddedSql): boolean => method === 'sql' && form === 'argument';

/** Of each kind of value that parameters may have one: a column of another type for another kind is of no type. */
const VALUES: readonly unknown[] = [null, 1, 2 ** 40, 1.5, 1e300, 10n ** 30n, 'x', true, new Date(0)];

/** Undefined for what does not bind. */
async function columnsOf(db: Database, text: string): Promise<DescribedQuery['columns'] | undefined> {
  const nothing = await schemaOf(db, text, () => ({}));
  if (nothing === undefined) return undefined;
  const parameters = Object.keys(parametersOf(parse(text)));
  const schemas = [nothing];
  for (const name of parameters) {
    for (const value of VALUES) schemas.push((await schemaOf(db, text, nulls => ({ ...nulls, [name]: value }))) ?? []);
  }
  const columns = new Map<string, ColumnLiteral>();
  for (const [i, { name }] of nothing.entries()) {
    const literals = schemas.filter(s => s.length > 0).map(s => literalOfColumn(s[i]!));
    columns.set(name, commonLiteral(literals));
  }
  return [...columns];
}

async function schemaOf(
  db: Database,
  text: string,
  values: (nulls: Readonly<Record<string, null>>) => Readonly<Record<string, unknown>>,
): Promise<Schema | undefined> {
  try {
    const nulls = parametersOf(parse(text));
    return await db.sql<{ any: 'int32' }>(text, { ...nulls, ...values(nulls) }).schema();
  } catch (error) {
    if (error instanceof RayexecError) return undefined;
    throw error;
  }
}

/** The type of all, NULL if one may be; unknown if there are several. */
function commonLiteral(literals: readonly ColumnLiteral[]): ColumnLiteral {
  const [first] = literals;
  const isNullable = (l: ColumnLiteral): boolean => (typeof l === 'string' ? l.endsWith('?') : l.nullable === true);
  const alone = (l: ColumnLiteral): string =>
    JSON.stringify(typeof l === 'string' ? l.replace(/\?$/, '') : { ...l, nullable: true });
  if (literals.some(l => alone(l) !== alone(first!))) return 'unknown';
  return literals.find(isNullable) ?? first!;
}
