import type { TableFunctionCode } from '../../protocol/lazy-table-function.ts';
import { TextReader } from '../text-reader.ts';
import { bindJson } from './bind-json.ts';
import { jsonState } from './bound-json.ts';
import type { JsonFormat } from './json-options.ts';
import { JsonRecords } from './json-records.ts';

/** What the table function of this name does. */
export function jsonCode(name: string, format: JsonFormat): TableFunctionCode {
  return {
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
