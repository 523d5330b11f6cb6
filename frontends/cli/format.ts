import { assertNever } from '../../src/common/errors.ts';
import type { DataType } from '../../src/types/data-type.ts';
import type { RawValue } from '../../src/types/raw-value.ts';
import type { TimeZone } from '../../src/types/time-zone.ts';
import { formatRaw, textTable } from '../dataframe/index.ts';
import type { ResultSet } from '../dataframe/result.ts';

export const formats = ['table', 'csv', 'json', 'markdown'] as const;
export type Format = (typeof formats)[number];

/** Rows of a result that a terminal shows. */
const TABLE_ROWS = 40;

/** A result as text, exact in all types. JSON is one object a line. */
export function formatResult(result: ResultSet, format: Format): string {
  switch (format) {
    case 'table':
      return textTable(result, TABLE_ROWS, process.stdout.columns);
    case 'csv':
      return lines(
        result,
        header => header.map(csvCell).join(','),
        (types, row) =>
          row.map((v, i) => (v === null ? '' : csvCell(formatRaw(types[i]!, v, result.timeZone)))).join(','),
      );
    case 'markdown':
      return lines(
        result,
        header => `| ${header.map(markdownCell).join(' | ')} |\n|${header.map(() => '---|').join('')}`,
        (types, row) => `| ${row.map((v, i) => markdownCell(formatRaw(types[i]!, v, result.timeZone))).join(' | ')} |`,
      );
    case 'json':
      return rowsOf(result)
        .map(row => jsonObject(result, row))
        .join('\n');
    default:
      return assertNever(format);
  }
}

function lines(
  result: ResultSet,
  head: (names: readonly string[]) => string,
  line: (types: readonly DataType[], row: readonly RawValue[]) => string,
): string {
  const types = result.schema.map(f => f.type);
  return [head(result.schema.map(f => f.name)), ...rowsOf(result).map(row => line(types, row))].join('\n');
}

function rowsOf(result: ResultSet): RawValue[][] {
  const columns = result.schema.map((_, i) => result.column(i));
  return Array.from({ length: result.rowCount }, (_, row) => columns.map(c => c[row] ?? null));
}

const csvCell = (text: string): string =>
  /[",\n\r]/.test(text) || text === '' ? `"${text.replaceAll('"', '""')}"` : text;

const markdownCell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', '<br>');

/** Numbers with all their digits, which JSON allows and JSON.stringify can't write. */
function jsonObject({ schema, timeZone }: ResultSet, row: readonly RawValue[]): string {
  const fields = schema.map((f, i) => `${JSON.stringify(f.name)}:${jsonValue(f.type, row[i]!, timeZone)}`);
  return `{${fields.join(',')}}`;
}

function jsonValue(type: DataType, value: RawValue, zone: TimeZone | undefined): string {
  if (value === null) return 'null';
  switch (type.kind) {
    case 'boolean':
    case 'int':
      return String(value);
    case 'float':
      return Number.isFinite(value) ? String(value) : JSON.stringify(String(value));
    case 'decimal':
      return formatRaw(type, value);
    case 'json':
      return value as string;
    case 'list':
    case 'array':
      return `[${(value as readonly RawValue[]).map(v => jsonValue(type.element, v, zone)).join(',')}]`;
    case 'struct':
      return `{${type.fields.map((f, i) => `${JSON.stringify(f.name)}:${jsonValue(f.type, (value as readonly RawValue[])[i]!, zone)}`).join(',')}}`;
    default:
      return JSON.stringify(formatRaw(type, value, zone));
  }
}
