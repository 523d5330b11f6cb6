import { RayexecError } from '../common/errors.ts';
import type { Json } from '../common/json.ts';
import type { Schema } from '../types/data-type.ts';
import { optionNames, WriterOptions } from './writer-options.ts';

/** How rows are laid out in the files of a directory. */
export type WriteLayout = {
  /** Indexes of the columns whose values say which directory a row goes to. */
  readonly partitionBy: readonly number[];
  /** The files have these columns too. */
  readonly keepsPartitionColumns: boolean;
  /** Partitions are directories `column=value`; otherwise all files lie together. */
  readonly isHive: boolean;
  /** What is done about files that are there already. */
  readonly existing: 'refuse' | 'remove' | 'replace' | 'keep';
  /** A file's name with `{i}` for its number, or `{uuid}`. */
  readonly pattern: string;
  /** With its dot. */
  readonly extension: string;
  /** A file that has so many bytes is followed by another one. */
  readonly fileBytes: number | undefined;
};

const NAMES = optionNames([
  ...['partition_by', 'write_partition_columns', 'hive_file_pattern', 'overwrite', 'overwrite_or_ignore', 'append'],
  ...['filename_pattern', 'file_extension', 'file_size_bytes', 'per_thread_output', 'use_tmp_file', 'return_files'],
]);

/** Whether the paths of the files belong to the result. */
export const asksForFiles = (options: Readonly<Record<string, Json>>): boolean =>
  new WriterOptions(
    'files',
    Object.fromEntries(Object.entries(options).filter(([name]) => name === 'return_files')),
    NAMES,
  ).boolean('return_files') ?? false;

/** Options that only say something about several files. */
const OF_SEVERAL = ['filename_pattern', 'write_partition_columns', 'hive_file_pattern', 'append'];

/**
 * Takes the options that are about files from those that are about a format.
 * @returns the layout, absent for a single file, and the format's options
 * @throws RayexecError `bind` for wrong options
 */
export function writeLayout(
  format: string,
  schema: Schema,
  options: Readonly<Record<string, Json>>,
): { readonly layout: WriteLayout | undefined; readonly rest: Readonly<Record<string, Json>> } {
  const isOwn = ([name]: readonly [string, unknown]): boolean => Object.hasOwn(NAMES, name.toLowerCase());
  const entries = Object.entries(options);
  const rest = Object.fromEntries(entries.filter(e => !isOwn(e)));
  const given = Object.fromEntries(entries.filter(isOwn));
  const o = new WriterOptions('files', given, NAMES);
  const partitionBy = partitionColumns(o, schema);
  const fileBytes = o.bytes('file_size_bytes');
  if (partitionBy.length === 0 && fileBytes === undefined && o.boolean('per_thread_output') !== true) {
    const alone = entries.find(([name]) => OF_SEVERAL.includes(name.toLowerCase()));
    if (alone === undefined) return { layout: undefined, rest };
    throw new RayexecError('bind', `writing files: ${alone[0]} is of no use to a single file`, {
      hint: 'partition_by, file_size_bytes and per_thread_output write several',
    });
  }
  const keepsPartitionColumns = o.boolean('write_partition_columns') ?? false;
  if (partitionBy.length === schema.length && !keepsPartitionColumns) {
    throw new RayexecError('bind', 'writing files: no column is left to write, as partition_by has all of them', {
      hint: 'write_partition_columns keeps them in the files',
    });
  }
  const existing = ['overwrite', 'overwrite_or_ignore', 'append'].filter(name => o.boolean(name) === true);
  if (existing.length > 1)
    throw new RayexecError('bind', 'Can only set one of OVERWRITE_OR_IGNORE, OVERWRITE or APPEND');
  const pattern = o.text('filename_pattern') ?? (existing[0] === 'append' ? '{uuid}' : 'data_{i}');
  if (/[/\\]/.test(pattern)) throw new RayexecError('bind', 'writing files: filename_pattern names no directories');
  const isNumbered = /\{(i|uuid|uuidv4)\}/.test(pattern);
  const layout: WriteLayout = {
    partitionBy,
    keepsPartitionColumns,
    isHive: o.boolean('hive_file_pattern') ?? true,
    existing: existing[0] === undefined ? 'refuse' : EXISTING[existing[0]]!,
    pattern: isNumbered ? pattern : `${pattern}{i}`,
    extension: `.${(o.text('file_extension') ?? extensionOf(format, rest)).replace(/^\./, '')}`,
    fileBytes,
  };
  return { layout, rest };
}

const EXISTING: Readonly<Record<string, WriteLayout['existing']>> = {
  overwrite: 'remove',
  overwrite_or_ignore: 'replace',
  append: 'keep',
};

function partitionColumns(o: WriterOptions, schema: Schema): readonly number[] {
  const all = schema.map(f => f.name);
  const names = o.columns('partition_by', all);
  const indexes = names.flatMap(name => (name === '*' ? all.map((_, i) => i) : [all.indexOf(name)]));
  const twice = indexes.find((c, i) => indexes.indexOf(c) < i);
  if (twice === undefined) return indexes;
  throw new RayexecError('bind', `writing files: partition_by names the column '${all[twice]}' twice`);
}

function extensionOf(format: string, options: Readonly<Record<string, Json>>): string {
  const isGzip = (format === 'csv' || format === 'json') && String(options['compression']).toLowerCase() === 'gzip';
  return isGzip ? `${format}.gz` : format;
}
