import type { TableFunction } from '../../protocol/table-function.ts';
import { TextReader } from '../text-reader.ts';
import { bindJson } from './bind-json.ts';
import { jsonState } from './bound-json.ts';
import type { JsonFormat } from './json-options.ts';
import { JsonRecords } from './json-records.ts';

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
  return {
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
    bind: (args, ctx) => bindJson(name, format, args, ctx),
    open: (request, ctx) => {
      const state = jsonState(request.source);
      const { files, ignoreErrors, maxRecordBytes } = state;
      const settings = {
        files,
        ignoreErrors,
        maxRecordBytes,
        longRecordHint: 'maximum_object_size = … allows more; a quote or bracket may be missing',
        newline: () => '\n',
      };
      return new TextReader(request, ctx, settings, new JsonRecords(request, ctx, state));
    },
  };
}
