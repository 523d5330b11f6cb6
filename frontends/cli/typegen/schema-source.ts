import type { ColumnLiteral } from '../../dataframe/schema-literal.ts';
import type { DescribedFiles } from './describe-files.ts';
import type { DescribedQuery } from './describe-queries.ts';

/** A module with the schema as a value for `connect({ schema })` and as types, and with queries. `command` is what wrote it. */
export function schemaSource(
  files: readonly DescribedFiles[],
  command: string,
  queries: readonly DescribedQuery[] = [],
): string {
  const types = files.map(
    ({ table, columns }) =>
      `  ${key(table)}: {\n${columns.map(([name, type]) => `    ${key(name)}: ${typeText(type)};\n`).join('')}  };\n`,
  );
  const declared = queriesSource(queries);
  const nested = NESTED.filter(name => [...types, declared].some(text => text.includes(`${name}<`)));
  return `// Written by \`${command}\`; the same command renews it.
${nested.length === 0 ? '' : `import type { ${nested.join(', ')} } from 'rayexec';\n`}
/** Columns of files, and which of these are tables: \`connect({ schema })\`. */
export const schema = {
  tables: {
${files.map(({ table, path }) => `    ${key(table)}: ${quoted(path)},\n`).join('')}  },
  files: {
${files.map(({ path, columns }) => `    ${key(path)}: {\n${columns.map(([name, type]) => `      ${key(name)}: ${literalText(type)},\n`).join('')}    },\n`).join('')}  },
} as const;

/** The columns of each table: \`DataFrame<Tables['name']>\`. */
export interface Tables {
${types.join('')}}
${declared}`;
}

function queriesSource(queries: readonly DescribedQuery[]): string {
  if (queries.length === 0) return '';
  const lines = queries.map(({ text, columns }) => {
    const types = columns.map(([name, type]) => `${key(name)}: ${typeText(type)}`);
    return `    ${quoted(text)}: { ${types.join('; ')} };\n`;
  });
  return `
declare module 'rayexec' {
  /** The columns of queries by their text: \`db.sql('…')\`. */
  interface Queries {
${lines.join('')}  }
}
`;
}

const NESTED = ['Enum', 'List', 'MapOf', 'Struct'];

const quoted = (text: string): string =>
  `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
const key = (name: string): string => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : quoted(name));

/** The literal as a value. */
function literalText(literal: ColumnLiteral): string {
  if (typeof literal === 'string') return quoted(literal);
  const entries = Object.entries(literal).map(([name, part]) => `${key(name)}: ${partText(part)}`);
  return `{ ${entries.join(', ')} }`;
}

function partText(part: unknown): string {
  if (typeof part === 'string') return quoted(part);
  if (Array.isArray(part)) return `[${part.map(partText).join(', ')}]`;
  if (typeof part === 'object' && part !== null) return literalText(part as ColumnLiteral);
  return String(part);
}

/** The literal as a static column type. */
function typeText(literal: ColumnLiteral): string {
  if (literal === 'unknown') return 'any';
  if (typeof literal === 'string') {
    const isNullable = literal.endsWith('?');
    const tag = (isNullable ? literal.slice(0, -1) : literal).replace(/\(.*$/, '');
    return isNullable ? `${quoted(tag)} | null` : quoted(tag);
  }
  const orNull = literal.nullable === true ? ' | null' : '';
  if ('list' in literal) return `List<${typeText(literal.list)}>${orNull}`;
  if ('enum' in literal) return `Enum<${literal.enum.map(quoted).join(' | ') || 'never'}>${orNull}`;
  if ('key' in literal) return `MapOf<${typeText(literal.key)}, ${typeText(literal.value)}>${orNull}`;
  const fields = Object.entries(literal.struct).map(([name, type]) => `${key(name)}: ${typeText(type)}`);
  return `Struct<{ ${fields.join('; ')} }>${orNull}`;
}
