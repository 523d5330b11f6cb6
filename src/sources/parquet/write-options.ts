import { RayexecError } from '../../common/errors.ts';
import type { Json } from '../../common/json.ts';
import { didYouMean } from '../../common/suggest.ts';

export type ParquetWriteOptions = {
  readonly compression: (typeof CODECS)[keyof typeof CODECS];
  readonly rowGroupRows: number;
};

const CODECS = {
  uncompressed: 'UNCOMPRESSED',
  none: 'UNCOMPRESSED',
  snappy: 'SNAPPY',
  gzip: 'GZIP',
  brotli: 'BROTLI',
  zstd: 'ZSTD',
  lz4: 'LZ4_RAW',
  lz4_raw: 'LZ4_RAW',
} as const;

const NAMES = ['compression', 'codec', 'row_group_size'];
/** DuckDB's. */
const DEFAULT_ROW_GROUP = 122_880;

/** Checks the options of COPY … (FORMAT parquet). @throws RayexecError `bind` */
export function parquetWriteOptions(options: Readonly<Record<string, Json>>): ParquetWriteOptions {
  for (const name of Object.keys(options)) {
    if (!NAMES.includes(name)) {
      throw new RayexecError('bind', `writing Parquet has no option '${name}'`, {
        hint: didYouMean(name, NAMES) ?? `it has ${NAMES.join(', ')}`,
      });
    }
  }
  const codec = String(options['compression'] ?? options['codec'] ?? 'snappy').toLowerCase();
  if (!Object.hasOwn(CODECS, codec)) {
    throw new RayexecError('bind', `Parquet has no compression '${codec}'`, {
      hint: didYouMean(codec, Object.keys(CODECS)) ?? `it has ${Object.keys(CODECS).join(', ')}`,
    });
  }
  const rows = Number(options['row_group_size'] ?? DEFAULT_ROW_GROUP);
  if (!Number.isInteger(rows) || rows < 1 || rows > 2 ** 31 - 1) {
    throw new RayexecError('bind', `row_group_size is a number of rows, not '${String(options['row_group_size'])}'`);
  }
  return { compression: CODECS[codec as keyof typeof CODECS], rowGroupRows: rows };
}
