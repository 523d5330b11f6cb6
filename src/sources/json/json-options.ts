import { RayexecError } from '../../common/errors.ts';
import type { TableArguments } from '../../protocol/table-function.ts';
import type { DataType } from '../../types/data-type.ts';
import { compressionOption, filenameOption } from '../file-options.ts';
import { NamedOptions } from '../named-options.ts';

export type JsonFormat = 'auto' | 'newline_delimited' | 'array' | 'unstructured';

/** What a call of `read_json` says; what it leaves open is found by looking at the file. */
export type JsonOptions = {
  readonly format: JsonFormat;
  /** Whether objects are rows; undefined: when all records are objects. */
  readonly records: boolean | undefined;
  readonly columns: readonly { readonly name: string; readonly type: DataType }[] | undefined;
  readonly dateFormat: string | undefined;
  readonly timestampFormat: string | undefined;
  readonly ignoreErrors: boolean;
  readonly maximumDepth: number;
  readonly sampleRows: number;
  readonly maxRecordBytes: number;
  readonly compression: 'gzip' | 'none' | undefined;
  readonly filename: string | undefined;
  readonly unionByName: boolean;
  readonly hivePartitioning: boolean | undefined;
};

const SAMPLE_ROWS = 20_480;
const MAX_RECORD_BYTES = 16 << 20;

const NAMES = [
  ...['format', 'records', 'columns', 'dateformat', 'timestampformat', 'ignore_errors', 'maximum_depth', 'sample_size'],
  ...[
    'maximum_object_size',
    'compression',
    'filename',
    'union_by_name',
    'hive_partitioning',
    'auto_detect',
    'encoding',
  ],
];
const KNOWN = {
  ...Object.fromEntries(NAMES.map(n => [n, n])),
  date_format: 'dateformat',
  timestamp_format: 'timestampformat',
};

/** Checks the options of `read_json`. @throws RayexecError `bind`, `unsupported` */
export function jsonOptions(fn: string, { named }: TableArguments, format: JsonFormat): JsonOptions {
  const o = new NamedOptions(fn, named, KNOWN);
  const sample = o.integer('sample_size') ?? SAMPLE_ROWS;
  const depth = o.integer('maximum_depth') ?? -1;
  const largest = o.integer('maximum_object_size') ?? MAX_RECORD_BYTES;
  if (sample < 1 && sample !== -1) throw o.wrong('sample_size', 'a number of rows, or -1 for all');
  if (depth < -1) throw o.wrong('maximum_depth', 'a number of levels, or -1 for all');
  if (largest < 1) throw o.wrong('maximum_object_size', 'a number of bytes');
  const encoding = o.text('encoding')?.toLowerCase() ?? 'utf-8';
  if (encoding !== 'utf-8' && encoding !== 'utf8')
    throw new RayexecError('unsupported', `${fn} reads UTF-8, not ${encoding}`);
  if (o.boolean('auto_detect') === false && !o.has('columns')) {
    throw new RayexecError('bind', `${fn} without auto_detect needs the option columns`, {
      hint: `columns = {a: 'INTEGER', b: 'VARCHAR'}`,
    });
  }
  return {
    format: formatOption(o) ?? format,
    records: o.isText('records', 'auto') ? undefined : o.boolean('records'),
    columns: o.typesByName('columns'),
    dateFormat: o.text('dateformat'),
    timestampFormat: o.text('timestampformat'),
    ignoreErrors: o.boolean('ignore_errors') ?? false,
    maximumDepth: depth === -1 ? Number.POSITIVE_INFINITY : depth,
    sampleRows: sample === -1 ? Number.POSITIVE_INFINITY : sample,
    maxRecordBytes: largest,
    compression: compressionOption(o),
    filename: filenameOption(o),
    unionByName: o.boolean('union_by_name') ?? false,
    hivePartitioning: o.boolean('hive_partitioning'),
  };
}

function formatOption(o: NamedOptions): JsonFormat | undefined {
  const text = o.text('format')?.toLowerCase();
  switch (text) {
    case undefined:
    case 'auto':
    case 'array':
    case 'newline_delimited':
    case 'unstructured':
      return text;
    case 'nd':
    case 'ndjson':
      return 'newline_delimited';
    default:
      throw o.wrong('format', `'auto', 'newline_delimited', 'array' or 'unstructured'`);
  }
}
