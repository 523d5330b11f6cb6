import { RayexecError } from '../../common/errors.ts';
import { didYouMean } from '../../common/suggest.ts';
import type { BoundSource } from '../../plan/logical-plan.ts';
import type { ByteSource, Platform } from '../../platform/platform.ts';
import type { BindTableContext, TableArguments } from '../../protocol/table-function.ts';
import { commonType } from '../../types/coercion.ts';
import { type DataType, type Field, sameType, UTF8 } from '../../types/data-type.ts';
import { physicalType } from '../../types/physical.ts';
import { typeName } from '../../types/type-name.ts';
import { addConstantColumns } from '../add-constant-columns.ts';
import { matchingPaths } from '../matching-paths.ts';
import { RememberedFiles } from '../remembered-files.ts';
import { isGzip, openText } from '../text-file.ts';
import { textSplits } from '../text-splits.ts';
import { type CsvField, type CsvFile, toJson } from './bound-csv.ts';
import { type CsvOptions, csvOptions } from './csv-options.ts';
import { recordBoundaries } from './record-boundaries.ts';
import { type SniffedFile, sniffFile } from './sniff-file.ts';

/** A file as it was found: its columns' names and types, and its blocks. */
type FoundFile = {
  readonly path: string;
  readonly isGzip: boolean;
  readonly sniffed: SniffedFile;
  readonly names: readonly string[];
  readonly boundaries: readonly number[];
};

/** Rows of other files' beginnings that are looked at, when the first has told the types. */
const FEW_ROWS = 100;
/** What was found of files with more blocks than this takes too much memory to be kept. */
const MAX_KEPT_BLOCKS = 4096;

const remembered = new RememberedFiles<FoundFile>();

/** Looks at the files that the arguments name, and describes their rows as a source. */
export async function bindCsv(args: TableArguments, { platform }: BindTableContext): Promise<BoundSource> {
  const options = csvOptions(args);
  checkOptions(options);
  const paths = await matchingPaths('read_csv', args.positional, platform);
  const files: FoundFile[] = [];
  for (const path of paths) files.push(await findFile(path, platform, forFile(options, files[0])));
  const fields = unite(files, options);
  const { schema, hidden, constants } = addConstantColumns(
    fields.map(f => f.field),
    paths,
    options,
  );
  const bound = files.map((file, i): CsvFile => {
    const places = schema.map((_, c) => fields[c]?.places[i] ?? null);
    const { dialect, width } = file.sniffed;
    return { path: file.path, isGzip: file.isGzip, dialect, width, fields: places, constants: constants[i]! };
  });
  const splits = files.flatMap((file, i) => textSplits(file, i, constants[i]!));
  return {
    fn: 'read_csv',
    label: paths.length === 1 ? paths[0]! : `${paths[0]} and ${paths.length - 1} more`,
    schema,
    hidden,
    statistics: { rows: splits.reduce((sum, s) => sum + s.rows!, 0), exactRows: false },
    splits,
    state: toJson({
      files: bound,
      nullTexts: options.nullTexts,
      quotedNulls: options.quotedNulls,
      notNull: schema.map(f => options.forceNotNull.some(n => n.toLowerCase() === f.name.toLowerCase())),
      decimalSeparator: options.decimalSeparator,
      ignoreErrors: options.ignoreErrors,
      nullPadding: options.nullPadding,
      maxLineBytes: options.maxLineBytes,
    }),
  };
}

function checkOptions({ autoDetect, columns, types, names }: CsvOptions): void {
  if (!autoDetect && columns === undefined) {
    throw new RayexecError('bind', 'read_csv without auto_detect needs the option columns', {
      hint: `columns = {'a': 'INTEGER', 'b': 'VARCHAR'}`,
    });
  }
  if (columns !== undefined && (types.length > 0 || names.length > 0)) {
    throw new RayexecError(
      'bind',
      'read_csv: columns gives all names and types, so types and names can not be given too',
    );
  }
  for (const { name, type } of [...(columns ?? []), ...types]) {
    const physical = physicalType(type);
    if (physical === 'list' || physical === 'struct') {
      throw new RayexecError('unsupported', `read_csv reads no ${typeName(type)}, the type of the column '${name}'`, {
        hint: 'read it as VARCHAR',
      });
    }
  }
}

/** What is known of a file before it is looked at: files that are no union are like the first. */
function forFile(options: CsvOptions, first: FoundFile | undefined): CsvOptions {
  const fixed: CsvOptions = options.autoDetect
    ? options
    : { ...options, delimiter: options.delimiter ?? ',', quote: options.quote ?? '"', header: options.header ?? false };
  if (first === undefined || options.unionByName) return fixed;
  const { dialect, hasHeader } = first.sniffed;
  return {
    ...fixed,
    delimiter: dialect.delimiter,
    quote: dialect.quote,
    escape: dialect.escape,
    comment: dialect.comment,
    header: hasHeader,
    sampleRows: Math.min(FEW_ROWS, options.sampleRows),
  };
}

async function findFile(path: string, platform: Platform, options: CsvOptions): Promise<FoundFile> {
  return withFile(await platform.open(path), async file => {
    const { version } = file;
    const key = JSON.stringify([path, options, options.sampleRows === Number.POSITIVE_INFINITY]);
    const known = version === undefined ? undefined : remembered.get(platform, key, version);
    if (known !== undefined) return known;
    const found = await lookAt(path, await isGzip(file, options.compression), platform, options);
    if (version !== undefined && found.boundaries.length <= MAX_KEPT_BLOCKS) {
      remembered.set(platform, key, version, found);
    }
    return found;
  });
}

async function lookAt(path: string, gzipped: boolean, platform: Platform, options: CsvOptions): Promise<FoundFile> {
  return withFile(await openText(path, gzipped ? 'gzip' : 'none', platform), async source => {
    const sniffed = await sniffFile(source, options);
    const isCuttable = !gzipped && options.parallel && !sniffed.quotedNewlines;
    const boundaries = isCuttable
      ? await recordBoundaries(source, sniffed.dataStart, sniffed.dialect, sniffed.width)
      : [sniffed.dataStart, source.size];
    return { path, isGzip: gzipped, sniffed, names: columnNames(sniffed, options), boundaries };
  });
}

async function withFile<T>(source: ByteSource, use: (source: ByteSource) => Promise<T>): Promise<T> {
  try {
    return await use(source);
  } finally {
    source.close();
  }
}

/** Names of the file's columns: given, from the header, or `column0`; repeated ones get a number. */
function columnNames({ names, width }: SniffedFile, options: CsvOptions): readonly string[] {
  if (options.columns !== undefined) return options.columns.map(c => c.name);
  if (options.names.length > width) {
    throw new RayexecError(
      'bind',
      `read_csv is given ${options.names.length} names, but the file has ${width} columns`,
    );
  }
  const digits = String(width - 1).length;
  const used = new Set<string>();
  return Array.from({ length: width }, (_, i) => {
    const found = options.names[i] ?? names[i] ?? '';
    const base = found === '' ? `column${String(i).padStart(digits, '0')}` : normalized(found, options);
    let name = base;
    for (let n = 1; used.has(name.toLowerCase()); n++) name = `${base}_${n}`;
    used.add(name.toLowerCase());
    return name;
  });
}

function normalized(name: string, { normalizeNames }: CsvOptions): string {
  if (!normalizeNames) return name;
  const plain = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, '_')
    .replace(/^_+|_+$/g, '');
  return /^[a-z_]/.test(plain) ? plain : `_${plain}`;
}

type UnitedField = { readonly field: Field; readonly places: readonly (CsvField | null)[] };

/** One schema for all files: the first file's columns, or by name those of any file. */
function unite(files: readonly FoundFile[], options: CsvOptions): readonly UnitedField[] {
  const names = new Map<string, string>();
  for (const file of options.unionByName ? files : files.slice(0, 1)) {
    for (const name of file.names) if (!names.has(name.toLowerCase())) names.set(name.toLowerCase(), name);
  }
  const given = givenTypes([...names.values()], options);
  return [...names].map(([key, name], position) => {
    const indexes = files.map(file => columnIndex(file, files[0]!, key, name, position, options));
    const found = indexes.map((index, i) => (index < 0 ? undefined : files[i]!.sniffed.types[index]));
    const sniffed = options.unionByName ? found : found.slice(0, 1);
    const fixed = options.allVarchar ? UTF8 : given.get(key);
    const type =
      fixed ?? sniffed.reduce<DataType | undefined>((a, t) => (t === undefined ? a : joined(a, t.type)), undefined)!;
    const places = indexes.map((index, i): CsvField | null => {
      if (index < 0) return null;
      const own = options.unionByName ? found[i] : found[0];
      const format = formatFor(type, options);
      const seen = own !== undefined && sameType(own.type, type) ? own : undefined;
      return {
        index,
        isSniffed: fixed === undefined,
        order: seen?.order,
        separator: seen?.separator,
        format: format ?? seen?.format,
      };
    });
    return { field: { name, type, nullable: true }, places };
  });
}

function formatFor(type: DataType, { dateFormat, timestampFormat }: CsvOptions): string | undefined {
  return type.kind === 'date' ? dateFormat : type.kind === 'timestamp' ? timestampFormat : undefined;
}

const joined = (a: DataType | undefined, b: DataType): DataType => (a === undefined ? b : (commonType(a, b) ?? UTF8));

function givenTypes(names: readonly string[], options: CsvOptions): ReadonlyMap<string, DataType> {
  const found = new Map((options.columns ?? []).map(c => [c.name.toLowerCase(), c.type]));
  for (const { name, type } of options.types) {
    const column = typeof name === 'number' ? names[name] : names.find(n => n.toLowerCase() === name.toLowerCase());
    if (column === undefined) {
      const what =
        typeof name === 'number' ? `has ${names.length} columns, but types has more` : `has no column '${name}'`;
      throw new RayexecError('bind', `read_csv: the file ${what}`, {
        hint: typeof name === 'number' ? undefined : (didYouMean(name, names) ?? `it has ${names.join(', ')}`),
      });
    }
    found.set(column.toLowerCase(), type);
  }
  return found;
}

/** Where the file has the column; -1: nowhere, which only a union allows. */
function columnIndex(
  file: FoundFile,
  first: FoundFile,
  key: string,
  name: string,
  position: number,
  options: CsvOptions,
): number {
  const index = file.names.findIndex(n => n.toLowerCase() === key);
  if (index >= 0 || options.unionByName) return index;
  if (!file.sniffed.hasHeader && position < file.sniffed.width) return position;
  throw new RayexecError('bind', `the file '${file.path}' has no column '${name}', which '${first.path}' has`, {
    hint: 'union_by_name = true reads files with different columns',
  });
}
