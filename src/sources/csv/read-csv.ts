import { lazyTableFunction } from '../../protocol/lazy-table-function.ts';
import type { TableFunction } from '../../protocol/table-function.ts';

/** `read_csv(path or paths, delim, header, columns, types, …)`: the rows of delimited text files. */
export const readCsv: TableFunction = lazyTableFunction(
  {
    name: 'read_csv',
    aliases: ['read_csv_auto', 'csv_scan'],
    doc: {
      summary:
        'Reads CSV files; delimiter, header and types are found by looking at them. Paths may be globs, and URLs.',
      args: ['path', 'delim', 'quote', 'header', 'columns', 'types', 'nullstr', 'skip', 'ignore_errors', 'sample_size'],
      examples: [],
      category: 'table',
    },
    extensions: ['.csv', '.tsv'],
  },
  async () => (await import('./csv-code.ts')).csvCode,
);
