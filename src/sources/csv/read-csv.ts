import type { TableFunction } from '../../protocol/table-function.ts';
import { TextReader } from '../text-reader.ts';
import { bindCsv } from './bind-csv.ts';
import { csvState } from './bound-csv.ts';
import { CsvRecords, QUOTE_HINT } from './csv-records.ts';

/** `read_csv(path or paths, delim, header, columns, types, …)`: the rows of delimited text files. */
export const readCsv: TableFunction = {
  name: 'read_csv',
  aliases: ['read_csv_auto', 'csv_scan'],
  doc: {
    summary: 'Reads CSV files; delimiter, header and types are found by looking at them. Paths may be globs, and URLs.',
    args: ['path', 'delim', 'quote', 'header', 'columns', 'types', 'nullstr', 'skip', 'ignore_errors', 'sample_size'],
    examples: [],
    category: 'table',
  },
  extensions: ['.csv', '.tsv'],
  bind: bindCsv,
  open: (request, ctx) => {
    const state = csvState(request.source);
    const { files, ignoreErrors, maxLineBytes } = state;
    return new TextReader(
      request,
      ctx,
      {
        files,
        ignoreErrors,
        maxRecordBytes: maxLineBytes,
        longRecordHint: QUOTE_HINT,
        newline: file => files[file]!.dialect.newline,
      },
      new CsvRecords(request, ctx, state),
    );
  },
};
