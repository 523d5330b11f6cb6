import type { TableFunction } from '../../protocol/table-function.ts';
import { bindParquet } from './bind-parquet.ts';
import { ParquetReader } from './parquet-reader.ts';

/** `read_parquet(path or paths, union_by_name, hive_partitioning, filename)`: the rows of Parquet files. */
export const readParquet: TableFunction = {
  name: 'read_parquet',
  aliases: ['parquet_scan'],
  doc: {
    summary: 'Reads one or more Parquet files; paths may be globs, and URLs.',
    args: ['path', 'union_by_name', 'hive_partitioning', 'filename'],
    examples: [],
    category: 'table',
  },
  extensions: ['.parquet', '.pq'],
  bind: bindParquet,
  open: (request, ctx) => new ParquetReader(request, ctx),
};
