import { lazyTableFunction } from '../../protocol/lazy-table-function.ts';
import type { TableFunction } from '../../protocol/table-function.ts';
import type { JsonFormat } from './json-options.ts';

/** `read_json(path or paths, columns, format, …)`: the objects of JSON files as rows. */
export const readJson: TableFunction = jsonFunction('read_json', ['read_json_auto'], 'auto', [
  '.json',
  '.jsonl',
  '.ndjson',
]);

/** `read_ndjson(path or paths, …)`: the same for files with an object a line. */
export const readNdjson: TableFunction = jsonFunction(
  'read_ndjson',
  ['read_ndjson_auto', 'read_json_lines'],
  'newline_delimited',
  [],
);

function jsonFunction(
  name: string,
  aliases: readonly string[],
  format: JsonFormat,
  extensions: readonly string[],
): TableFunction {
  return lazyTableFunction(
    {
      name,
      aliases,
      doc: {
        summary:
          'Reads JSON files, an object a line or an array of objects; columns and types are found by looking at them.',
        args: ['path', 'columns', 'format', 'records', 'ignore_errors', 'maximum_depth', 'sample_size'],
        examples: [],
        category: 'table',
      },
      extensions,
    },
    async () => (await import('./json-code.ts')).jsonCode(name, format),
  );
}
