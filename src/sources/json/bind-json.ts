import { RayexecError } from '../../common/errors.ts';
import type { BoundSource } from '../../plan/logical-plan.ts';
import type { ByteSource, Platform } from '../../platform/platform.ts';
import type { BindTableContext, TableArguments } from '../../protocol/table-function.ts';
import { commonType } from '../../types/coercion.ts';
import { type DataType, type Field, JSON_TYPE } from '../../types/data-type.ts';
import { addConstantColumns } from '../add-constant-columns.ts';
import { lineBoundaries } from '../line-boundaries.ts';
import { matchingPaths } from '../matching-paths.ts';
import { isGzip, openText } from '../text-file.ts';
import { textSplits } from '../text-splits.ts';
import { toJson } from './bound-json.ts';
import { type JsonFormat, type JsonOptions, jsonOptions } from './json-options.ts';
import { type SniffedJson, sniffJson } from './sniff-json.ts';

type FoundFile = {
  readonly path: string;
  readonly isGzip: boolean;
  readonly sniffed: SniffedJson;
  readonly boundaries: readonly number[];
};

/** Columns, and the keys that they come from; null: the record itself. */
type Columns = { readonly fields: readonly Field[]; readonly keys: readonly (string | null)[] };

/** Looks at the files that the arguments name, and describes their rows as a source. */
export async function bindJson(
  fn: string,
  format: JsonFormat,
  args: TableArguments,
  { platform }: BindTableContext,
): Promise<BoundSource> {
  const options = jsonOptions(fn, args, format);
  const paths = await matchingPaths(fn, args.positional, platform);
  const files: FoundFile[] = [];
  for (const path of paths) files.push(await findFile(path, platform, options));
  const { fields, keys } = columnsOf(files, options);
  const { schema, hidden, constants } = addConstantColumns(fields, paths, options);
  const splits = files.flatMap((file, i) => textSplits(file, i, constants[i]!));
  return {
    fn,
    label: paths.length === 1 ? paths[0]! : `${paths[0]} and ${paths.length - 1} more`,
    schema,
    hidden,
    statistics: { rows: splits.reduce((sum, s) => sum + s.rows!, 0), exactRows: false },
    splits,
    state: toJson({
      files: files.map(({ path, isGzip: gzipped, sniffed }, i) => {
        const { isArray, isLines } = sniffed;
        return { path, isGzip: gzipped, isArray, isLines, constants: constants[i]! };
      }),
      keys,
      dateFormat: options.dateFormat,
      timestampFormat: options.timestampFormat,
      ignoreErrors: options.ignoreErrors,
      maxRecordBytes: options.maxRecordBytes,
    }),
  };
}

async function findFile(path: string, platform: Platform, options: JsonOptions): Promise<FoundFile> {
  const gzipped = await withFile(await platform.open(path), file => isGzip(file, options.compression));
  return withFile(await openText(path, gzipped ? 'gzip' : 'none', platform), async source => {
    const sniffed = await sniffJson(source, options);
    const boundaries =
      sniffed.isLines && !gzipped ? await lineBoundaries(source, sniffed.start) : [sniffed.start, source.size];
    return { path, isGzip: gzipped, sniffed, boundaries };
  });
}

async function withFile<T>(source: ByteSource, use: (source: ByteSource) => Promise<T>): Promise<T> {
  try {
    return await use(source);
  } finally {
    source.close();
  }
}

function columnsOf(files: readonly FoundFile[], options: JsonOptions): Columns {
  if (options.columns !== undefined) {
    return {
      fields: options.columns.map(({ name, type }) => ({ name, type, nullable: true })),
      keys: options.columns.map(c => (options.records === false ? null : c.name)),
    };
  }
  const shapes = files.map(f => f.sniffed.shape);
  const isRecord = shapes.every(s => s.isRecord || s.type(1) === JSON_TYPE) && shapes.some(s => s.isRecord);
  if (options.records === true && !isRecord) {
    throw new RayexecError('bind', 'the file has records that are no objects', { hint: 'records = false reads them' });
  }
  const depth = options.maximumDepth;
  if (options.records === false || !isRecord || depth < 1) {
    const type = shapes.map(s => s.type(depth)).reduce(joined);
    return { fields: [{ name: 'json', type, nullable: true }], keys: [null] };
  }
  return recordColumns(files, depth, options.unionByName);
}

/** A column for each key of the files, in the order in which they were seen. */
function recordColumns(files: readonly FoundFile[], depth: number, isUnion: boolean): Columns {
  const types = new Map<string, DataType>();
  for (const { sniffed } of files) {
    for (const [key, shape] of sniffed.shape.fields) {
      // The record is a level too.
      const type = shape.type(depth - 1);
      const known = types.get(key);
      types.set(key, known === undefined ? type : joined(known, type));
    }
    if (!isUnion && types.size > 0 && files.length > MANY_FILES) break;
  }
  const used = new Set<string>();
  const fields = [...types].map(([key, type]): Field => {
    let name = key;
    for (let n = 1; used.has(name.toLowerCase()); n++) name = `${key}_${n}`;
    used.add(name.toLowerCase());
    return { name, type, nullable: true };
  });
  return { fields, keys: [...types.keys()] };
}

/** Beyond so many files, the first tells the columns unless a union is asked for. */
const MANY_FILES = 32;

const joined = (a: DataType, b: DataType): DataType => commonType(a, b) ?? JSON_TYPE;
