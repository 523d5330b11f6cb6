import { Catalog } from '../../../src/catalog/catalog.ts';
import { RayexecError } from '../../../src/common/errors.ts';
import { builtinFunctions } from '../../../src/functions/registry.ts';
import type { BoundSource } from '../../../src/plan/logical-plan.ts';
import type { Platform } from '../../../src/platform/platform.ts';
import { tableFunctions } from '../../../src/sources/index.ts';
import { type Field, sameType, UTF8 } from '../../../src/types/data-type.ts';
import { type ColumnLiteral, literalOfColumn } from '../../dataframe/schema-literal.ts';

/** The columns of a file, or of several that are one table. */
export type DescribedFiles = {
  /** The path or glob that programs read. */
  readonly path: string;
  /** A name for it as a table; no other of the same run has it. */
  readonly table: string;
  readonly columns: readonly (readonly [name: string, type: ColumnLiteral])[];
};

export type DescribeOptions = {
  /** Columns of which the files' statistics count no NULL are never NULL. */
  readonly notNullByStatistics: boolean;
};

/**
 * Reads what the files that match are: all that a glob matches together if their columns are the same, else file by file.
 * @throws RayexecError `io` when nothing matches, and what opening the files throws
 */
export async function describeFiles(
  patterns: readonly string[],
  platform: Platform,
  options: DescribeOptions,
): Promise<readonly DescribedFiles[]> {
  const catalog = Catalog.create(builtinFunctions, tableFunctions);
  const bind = (path: string): Promise<BoundSource> => {
    const reader = catalog.readerOf(path);
    if (reader === undefined)
      throw new RayexecError('io', `'${path}' is no kind of file that is known`, { hint: KINDS });
    const args = { positional: [{ type: UTF8, value: path }], named: {} };
    return reader.bind(args, { platform, splitRows: SPLIT_ROWS });
  };
  const described = new Map<string, BoundSource>();
  for (const pattern of patterns) {
    const paths = await platform.glob(pattern);
    if (paths.length === 0) throw new RayexecError('io', `no files match '${pattern}'`);
    const sources: BoundSource[] = [];
    for (const path of paths) sources.push(await bind(path));
    if (paths.length > 1 && sources.every(s => sameColumns(s, sources[0]!)))
      described.set(pattern, await bind(pattern));
    else for (const [i, path] of paths.entries()) described.set(path, sources[i]!);
  }
  const names = new Set<string>();
  return [...described].map(([path, source]) => ({
    path,
    table: freeName(tableName(path), names),
    columns: source.schema.map(
      (field, i) => [field.name, literalOfColumn(narrowed(field, i, source, options))] as const,
    ),
  }));
}

const KINDS = 'known are .parquet, .csv, .tsv, .json, .ndjson and .arrow files';
const SPLIT_ROWS = 122_880;

function sameColumns(a: BoundSource, b: BoundSource): boolean {
  return (
    a.schema.length === b.schema.length &&
    a.schema.every((f, i) => f.name === b.schema[i]!.name && sameType(f.type, b.schema[i]!.type))
  );
}

function narrowed(field: Field, index: number, { statistics }: BoundSource, options: DescribeOptions): Field {
  const hasNone = options.notNullByStatistics && statistics.columns?.[index]?.nullCount === 0;
  return hasNone ? { ...field, nullable: false } : field;
}

/** `data/orders.parquet` is orders, `data/orders-*.parquet` and `data/orders/*.parquet` too. */
function tableName(path: string): string {
  const parts = path.split(/[/\\]/);
  const stem = parts.pop()!.replace(/(\.\w+){1,2}$/, '');
  const ownName = stem.replace(/[*?[{].*$/, '').replace(/[-_.]+$/, '');
  if (ownName !== '') return ownName;
  return parts.filter(p => p !== '' && p !== '.' && p !== '..' && !/[*?[{=]/.test(p)).at(-1) ?? 'files';
}

function freeName(name: string, taken: Set<string>): string {
  let free = name;
  for (let n = 2; taken.has(free.toLowerCase()); n++) free = `${name}_${n}`;
  taken.add(free.toLowerCase());
  return free;
}
