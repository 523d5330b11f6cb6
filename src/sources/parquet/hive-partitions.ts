import { DATE, type DataType, INT64, UTF8 } from '../../types/data-type.ts';
import type { Scalar } from '../../types/scalar.ts';

/** Columns that the directories of the paths give, `year=2024/month=1`: name, type, and a value per path. */
export type HiveColumn = { readonly name: string; readonly type: DataType; readonly values: readonly Scalar[] };

/** What Hive writes for NULL. */
const NULL_PARTITION = '__HIVE_DEFAULT_PARTITION__';

/** The partition columns that all paths have; none when their keys differ. */
export function hiveColumns(paths: readonly string[]): readonly HiveColumn[] {
  const partitions = paths.map(partitionsOf);
  const [first] = partitions;
  if (first === undefined || first.size === 0) return [];
  const names = [...first.keys()];
  if (!partitions.every(p => p.size === names.length && names.every(n => p.has(n)))) return [];
  return names.map(name => {
    const texts = partitions.map(p => p.get(name)!);
    const type = commonType(texts);
    return { name, type, values: texts.map(text => ({ type, value: text === null ? null : scalarValue(text, type) })) };
  });
}

/** The directory of rows that have a value, as text, in a column: `year=2024`; `partitionsOf` reads it. */
export const partitionPath = (column: string, value: string | null): string =>
  `${encode(column)}=${value === null ? NULL_PARTITION : encode(value)}`;

const encode = (text: string): string =>
  encodeURIComponent(text).replaceAll(/[!'()*]/g, c => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

function partitionsOf(path: string): Map<string, string | null> {
  const found = new Map<string, string | null>();
  for (const directory of path.split(/[\\/]/).slice(0, -1)) {
    const [, name, value] = /^([^=?]+)=(.*)$/s.exec(directory) ?? [];
    if (name !== undefined) found.set(decode(name), value === NULL_PARTITION ? null : decode(value!));
  }
  return found;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function commonType(texts: readonly (string | null)[]): DataType {
  const values = texts.filter(t => t !== null);
  if (values.length > 0 && values.every(isInteger)) return INT64;
  return values.length > 0 && values.every(v => daysOf(v) !== undefined) ? DATE : UTF8;
}

/** Integers as they are printed: `007` stays text. */
function isInteger(text: string): boolean {
  return /^(0|-?[1-9]\d{0,18})$/.test(text) && BigInt.asIntN(64, BigInt(text)) === BigInt(text);
}

function daysOf(text: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return undefined;
  const time = Date.parse(`${text}T00:00:00Z`);
  return Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== text ? undefined : time / 86_400_000;
}

const scalarValue = (text: string, type: DataType): string | number => (type.kind === 'date' ? daysOf(text)! : text);
