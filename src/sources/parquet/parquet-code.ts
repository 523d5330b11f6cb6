import type { TableFunctionCode } from '../../protocol/lazy-table-function.ts';
import { bindParquet } from './bind-parquet.ts';
import { ParquetReader } from './parquet-reader.ts';

/** What `read_parquet` does. */
export const parquetCode: TableFunctionCode = {
  bind: bindParquet,
  open: (request, ctx) => new ParquetReader(request, ctx),
};
