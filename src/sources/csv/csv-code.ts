import type { TableFunctionCode } from '../../protocol/lazy-table-function.ts';
import { TextReader } from '../text-reader.ts';
import { bindCsv } from './bind-csv.ts';
import { csvState } from './bound-csv.ts';
import { CsvRecords, QUOTE_HINT } from './csv-records.ts';

/** What `read_csv` does. */
export const csvCode: TableFunctionCode = {
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
