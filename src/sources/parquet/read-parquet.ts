import { lazyTableFunction } from '../../protocol/lazy-table-function.ts';
import type { TableFunction } from '../../protocol/table-function.ts';

/** `read_parquet(path or paths, union_by_name, hive_partitioning, filename)`: the rows of Parquet files. */
export const readParquet: TableFunction = lazyTableFunction(
  {
    name: 'read_parquet',
    aliases: ['parquet_scan'],
    doc: {
      summary: 'Reads one or more Parquet files; paths may be globs, and URLs.',
      args: ['path', 'union_by_name', 'hive_partitioning', 'filename'],
      examples: [],
      category: 'table',
    },
    extensions: ['.parquet', '.pq'],
  },
  async () => (await import('./parquet-code.ts')).parquetCode,
);
