import type { TableFunction } from '../../protocol/table-function.ts';
import { bindCsv } from './bind-csv.ts';
import { CsvReader } from './csv-reader.ts';

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
  open: (request, ctx) => new CsvReader(request, ctx),
};
