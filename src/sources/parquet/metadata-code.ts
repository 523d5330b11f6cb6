import { RayexecError } from '../../common/errors.ts';
import type { ByteSource } from '../../platform/platform.ts';
import type { TableFunctionCode } from '../../protocol/lazy-table-function.ts';
import { BINARY, BOOLEAN, type DataType, INT64, UTF8 } from '../../types/data-type.ts';
import { matchingPaths } from '../matching-paths.ts';
import { type StoredRow, StoredRowsReader, storedRows } from '../stored-rows.ts';
import { chunkRows } from './chunk-rows.ts';
import { digits, digitsAt } from './footer-texts.ts';
import type { ParquetMetadataKind } from './parquet-metadata.ts';
import { decodeFooter, type RawFooter } from './read-footer.ts';
import { schemaRows } from './schema-rows.ts';
import { bytesAt, structsAt, textAt } from './thrift.ts';

type Columns = readonly (readonly [name: string, type: DataType])[];
type Kind = { readonly columns: Columns; readonly rows: (footer: RawFooter, file: ByteSource) => readonly StoredRow[] };

const KINDS: Readonly<Record<ParquetMetadataKind, Kind>> = {
  parquet_file_metadata: {
    columns: [
      ['created_by', UTF8],
      ['num_rows', INT64],
      ['num_row_groups', INT64],
      ['format_version', INT64],
      ['file_size_bytes', INT64],
      ['footer_size', INT64],
    ],
    rows: ({ struct, bytes }, { size }) => [
      [
        textAt(struct, 6) ?? null,
        digitsAt(struct, 3),
        digits(structsAt(struct, 4).length),
        digitsAt(struct, 1),
        digits(size),
        digits(bytes),
      ],
    ],
  },
  parquet_schema: {
    columns: [
      ['name', UTF8],
      ['type', UTF8],
      ['type_length', UTF8],
      ['repetition_type', UTF8],
      ['num_children', INT64],
      ['converted_type', UTF8],
      ['scale', INT64],
      ['precision', INT64],
      ['field_id', INT64],
      ['logical_type', UTF8],
      ['column_id', INT64],
    ],
    rows: ({ struct }) => schemaRows(struct),
  },
  parquet_metadata: {
    columns: [
      ['row_group_id', INT64],
      ['row_group_num_rows', INT64],
      ['row_group_num_columns', INT64],
      ['row_group_bytes', INT64],
      ['column_id', INT64],
      ['file_offset', INT64],
      ['num_values', INT64],
      ['path_in_schema', UTF8],
      ['type', UTF8],
      ['stats_null_count', INT64],
      ['stats_distinct_count', INT64],
      ['stats_min_value', UTF8],
      ['stats_max_value', UTF8],
      ['compression', UTF8],
      ['encodings', UTF8],
      ['index_page_offset', INT64],
      ['dictionary_page_offset', INT64],
      ['data_page_offset', INT64],
      ['total_compressed_size', INT64],
      ['total_uncompressed_size', INT64],
      ['bloom_filter_offset', INT64],
      ['bloom_filter_length', INT64],
      ['min_is_exact', BOOLEAN],
      ['max_is_exact', BOOLEAN],
    ],
    rows: ({ struct }) => chunkRows(struct),
  },
  parquet_kv_metadata: {
    columns: [
      ['key', BINARY],
      ['value', BINARY],
    ],
    rows: ({ struct }) => structsAt(struct, 5).map(entry => [base64(bytesAt(entry, 1)), base64(bytesAt(entry, 2))]),
  },
};

/** What such a function does: it reads the footers when the query is bound. */
export function metadataCode(fn: ParquetMetadataKind): TableFunctionCode {
  const { columns, rows } = KINDS[fn];
  const schema = [
    { name: 'file_name', type: UTF8, nullable: false },
    ...columns.map(([name, type]) => ({ name, type, nullable: true })),
  ];
  return {
    bind: async ({ positional, named }, { platform }) => {
      const [option] = Object.keys(named);
      if (option !== undefined) throw new RayexecError('bind', `${fn} has no parameter '${option}'`);
      const paths = await matchingPaths(fn, positional, platform);
      const found: StoredRow[] = [];
      for (const path of paths) {
        const file = await platform.open(path);
        try {
          const own = await decodeFooter(file, footer => rows(footer, file));
          found.push(...own.map(row => [path, ...row]));
        } finally {
          file.close();
        }
      }
      const label = paths.length === 1 ? paths[0]! : `${paths[0]} and ${paths.length - 1} more`;
      return storedRows({ fn, label: `${fn}(${label})`, schema }, found);
    },
    open: (scan, ctx) => new StoredRowsReader(scan, ctx),
  };
}

const base64 = (bytes: Uint8Array | undefined): string | null =>
  bytes === undefined ? null : btoa(String.fromCharCode(...bytes));
