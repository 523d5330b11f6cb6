import { RayexecError } from '../../common/errors.ts';
import type { Json } from '../../common/json.ts';
import { didYouMean } from '../../common/suggest.ts';

export type ParquetWriteOptions = {
  readonly compression: (typeof CODECS)[keyof typeof CODECS];
  readonly rowGroupRows: number;
  /** A row group also ends at about so many bytes. */
  readonly rowGroupBytes: number;
  /** Of the file, for readers that know the keys. */
  readonly metadata: Readonly<Record<string, string>>;
};

/** What own kernels compress with. */
export type WriteCodec = Extract<ParquetWriteOptions['compression'], 'UNCOMPRESSED' | 'SNAPPY'>;

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

const NAMES = ['compression', 'codec', 'row_group_size', 'row_group_size_bytes', 'kv_metadata'];
/** DuckDB's. */
const DEFAULT_ROW_GROUP = 122_880;

const UNITS: Readonly<Record<string, number>> = {
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
};

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
  return {
    compression: CODECS[codec as keyof typeof CODECS],
    rowGroupRows: rows,
    rowGroupBytes: groupBytes(options['row_group_size_bytes']),
    metadata: keyValues(options['kv_metadata']),
  };
}

function groupBytes(option: Json | undefined): number {
  if (option === undefined) return Infinity;
  const [, number, unit] = /^\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*$/i.exec(String(option)) ?? [];
  const bytes = Math.floor(Number(number) * (unit === '' ? 1 : (UNITS[unit?.toLowerCase() ?? ''] ?? Number.NaN)));
  if (bytes >= 1) return bytes;
  throw new RayexecError('bind', `row_group_size_bytes is a size like 64MB, not '${String(option)}'`);
}

function keyValues(option: Json | undefined): Readonly<Record<string, string>> {
  if (option === undefined) return {};
  if (option === null || typeof option !== 'object' || Array.isArray(option)) {
    throw new RayexecError('bind', 'kv_metadata is a struct of texts', { hint: "as in KV_METADATA {source: 'shop'}" });
  }
  return Object.fromEntries(
    Object.entries(option).map(([key, value]) => {
      if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
        return [key, String(value)];
      throw new RayexecError('bind', `kv_metadata: the value of '${key}' is no text`);
    }),
  );
}
