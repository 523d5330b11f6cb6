import { RayexecError } from '../../common/errors.ts';
import type { TableArguments } from '../../protocol/table-function.ts';
import type { DataType } from '../../types/data-type.ts';
import { compressionOption, filenameOption } from '../file-options.ts';
import { NamedOptions } from '../named-options.ts';

/** What a call of `read_csv` says; what it leaves open is found by looking at the file. */
export type CsvOptions = {
  readonly delimiter: string | undefined;
  /** '' = none. */
  readonly quote: string | undefined;
  readonly escape: string | undefined;
  readonly comment: string | undefined;
  readonly newline: '\n' | '\r' | undefined;
  readonly header: boolean | undefined;
  readonly skip: number | undefined;
  readonly columns: readonly { readonly name: string; readonly type: DataType }[] | undefined;
  /** By column name, or by position. */
  readonly types: readonly { readonly name: string | number; readonly type: DataType }[];
  readonly names: readonly string[];
  readonly nullTexts: readonly string[];
  readonly quotedNulls: boolean;
  readonly forceNotNull: readonly string[];
  readonly dateFormat: string | undefined;
  readonly timestampFormat: string | undefined;
  readonly decimalSeparator: '.' | ',';
  readonly candidates: readonly DataType[] | undefined;
  readonly ignoreErrors: boolean;
  readonly nullPadding: boolean;
  readonly allVarchar: boolean;
  readonly autoDetect: boolean;
  readonly normalizeNames: boolean;
  readonly sampleRows: number;
  readonly maxLineBytes: number;
  readonly compression: 'gzip' | 'none' | undefined;
  /** Name of the column with the file's path. */
  readonly filename: string | undefined;
  readonly unionByName: boolean;
  readonly hivePartitioning: boolean | undefined;
  /** `false`: one split a file. */
  readonly parallel: boolean;
};

const SAMPLE_ROWS = 20_480;
const MAX_LINE_BYTES = 2_000_000;

const SYNONYMS: Readonly<Record<string, string>> = {
  sep: 'delim',
  delimiter: 'delim',
  separator: 'delim',
  null: 'nullstr',
  date_format: 'dateformat',
  timestamp_format: 'timestampformat',
  dtypes: 'types',
  column_types: 'types',
  column_names: 'names',
  maximum_line_size: 'max_line_size',
};

const NAMES = [
  ...['delim', 'quote', 'escape', 'comment', 'new_line', 'header', 'skip', 'columns', 'types', 'names', 'nullstr'],
  ...['allow_quoted_nulls', 'force_not_null', 'dateformat', 'timestampformat', 'decimal_separator', 'encoding'],
  ...['auto_type_candidates', 'ignore_errors', 'null_padding', 'all_varchar', 'auto_detect', 'normalize_names'],
  ...['sample_size', 'max_line_size', 'buffer_size', 'compression', 'filename', 'union_by_name', 'hive_partitioning'],
  ...['parallel', 'strict_mode'],
];

const KNOWN = { ...SYNONYMS, ...Object.fromEntries(NAMES.map(n => [n, n])) };

/** Checks the options of `read_csv`. @throws RayexecError `bind`, `unsupported` */
export function csvOptions({ named }: TableArguments): CsvOptions {
  const o = new NamedOptions('read_csv', named, KNOWN);
  const skip = o.integer('skip');
  const sample = o.integer('sample_size') ?? SAMPLE_ROWS;
  const maxLine = o.integer('max_line_size') ?? MAX_LINE_BYTES;
  if (skip !== undefined && skip < 0) throw o.wrong('skip', 'a number of lines');
  if (sample < 1 && sample !== -1) throw o.wrong('sample_size', 'a number of rows, or -1 for all');
  if (maxLine < 1) throw o.wrong('max_line_size', 'a number of bytes');
  const encoding = o.text('encoding')?.toLowerCase() ?? 'utf-8';
  if (encoding !== 'utf-8' && encoding !== 'utf8') {
    throw new RayexecError('unsupported', `read_csv reads UTF-8, not ${encoding}`);
  }
  const delimiter = o.characters('delim', 4);
  if (delimiter === '') throw o.wrong('delim', 'one to four characters');
  return {
    delimiter,
    quote: o.character('quote'),
    escape: o.character('escape'),
    comment: o.character('comment'),
    newline: newlineOption(o),
    header: o.boolean('header'),
    skip,
    columns: o.typesByName('columns'),
    types: o.isStruct('types')
      ? o.typesByName('types')!
      : (o.types('types') ?? []).map((type, i) => ({ name: i, type })),
    names: o.texts('names') ?? [],
    nullTexts: o.texts('nullstr') ?? [''],
    quotedNulls: o.boolean('allow_quoted_nulls') ?? true,
    forceNotNull: o.texts('force_not_null') ?? [],
    dateFormat: o.text('dateformat'),
    timestampFormat: o.text('timestampformat'),
    decimalSeparator: decimalSeparator(o),
    candidates: o.types('auto_type_candidates'),
    ignoreErrors: o.boolean('ignore_errors') ?? false,
    nullPadding: o.boolean('null_padding') ?? false,
    allVarchar: o.boolean('all_varchar') ?? false,
    autoDetect: o.boolean('auto_detect') ?? true,
    normalizeNames: o.boolean('normalize_names') ?? false,
    sampleRows: sample === -1 ? Number.POSITIVE_INFINITY : sample,
    maxLineBytes: maxLine,
    compression: compressionOption(o),
    filename: filenameOption(o),
    unionByName: o.boolean('union_by_name') ?? false,
    hivePartitioning: o.boolean('hive_partitioning'),
    parallel: o.boolean('parallel') ?? true,
  };
}

function newlineOption(o: NamedOptions): '\n' | '\r' | undefined {
  const text = o.text('new_line')?.replaceAll('\\n', '\n').replaceAll('\\r', '\r');
  if (text === undefined) return undefined;
  if (text === '\n' || text === '\r\n') return '\n';
  if (text === '\r') return '\r';
  throw o.wrong('new_line', `'\\n', '\\r\\n' or '\\r'`);
}

function decimalSeparator(o: NamedOptions): '.' | ',' {
  const text = o.text('decimal_separator') ?? '.';
  if (text === '.' || text === ',') return text;
  throw o.wrong('decimal_separator', `'.' or ','`);
}
