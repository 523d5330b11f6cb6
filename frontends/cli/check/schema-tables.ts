import { RayexecError } from '../../../src/common/errors.ts';
import { typeName } from '../../../src/types/type-name.ts';
import { type SchemaLiteral, schemaOfLiteral } from '../../dataframe/schema-literal.ts';
import type { DatabaseSchema } from '../../session/database-schema.ts';
import { readFile } from './read-files.ts';

/**
 * Statements that make the tables of a module that `rayexec typegen` wrote, without rows; the files that it tells of need not
 * be there. Tables with columns of unknown types are views of their files.
 * @throws RayexecError `invalid-argument` for another module, `io`
 */
export async function schemaTables(path: string): Promise<string> {
  const { tables = {}, files } = await readSchema(path);
  return Object.entries(tables)
    .map(([name, file]) => {
      const columns = files[file] ?? {};
      return Object.values(columns).includes('unknown')
        ? `CREATE VIEW ${quoted(name)} AS SELECT * FROM '${file.replaceAll("'", "''")}';`
        : `CREATE TABLE ${quoted(name)} (${columnList(columns)});`;
    })
    .join('\n');
}

/** The schema, as a value: what stands between `export const schema =` and `as const` is JavaScript. */
async function readSchema(path: string): Promise<DatabaseSchema> {
  const value = /^export const schema = (\{.*?^\}) as const;$/ms.exec(readFile(path).replaceAll('\r\n', '\n'))?.[1];
  if (value === undefined) {
    throw new RayexecError('invalid-argument', `'${path}' is no module of rayexec typegen`, {
      hint: "rayexec typegen 'data/*.parquet' -o rayexec.schema.ts writes one",
    });
  }
  const module = await import(`data:text/javascript,${encodeURIComponent(`export default ${value}`)}`);
  return module.default as DatabaseSchema;
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

const columnList = (columns: SchemaLiteral): string =>
  schemaOfLiteral(columns)
    .map(({ name, type, nullable }) => `${quoted(name)} ${typeName(type)}${nullable ? '' : ' NOT NULL'}`)
    .join(', ');
