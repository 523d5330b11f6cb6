import { lazyTableFunction } from '../../protocol/lazy-table-function.ts';
import type { TableFunction } from '../../protocol/table-function.ts';

const KINDS = {
  parquet_file_metadata: 'A row for each Parquet file: who wrote it, its rows, row groups and size.',
  parquet_schema: 'A row for each element of the schemas of Parquet files, in depth-first order.',
  parquet_metadata:
    'A row for each column of each row group of Parquet files: its place, size, encodings and statistics.',
  parquet_kv_metadata: 'The texts that writers left in the footers of Parquet files, by their keys.',
} as const;

export type ParquetMetadataKind = keyof typeof KINDS;

/** What the footers of Parquet files tell, under DuckDB's names of functions and columns. */
export const parquetMetadata: readonly TableFunction[] = Object.entries(KINDS).map(([name, summary]) =>
  lazyTableFunction({ name, doc: { summary, args: ['path'], examples: [], category: 'table' } }, async () =>
    (await import('./metadata-code.ts')).metadataCode(name as ParquetMetadataKind),
  ),
);
