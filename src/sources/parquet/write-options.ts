import { RayexecError } from '../../common/errors.ts';
import type { Json } from '../../common/json.ts';
import { didYouMean } from '../../common/suggest.ts';
import { optionNames, WriterOptions } from '../writer-options.ts';

export type ParquetWriteOptions = {
  readonly compression: (typeof CODECS)[keyof typeof CODECS];
  /** At most; own kernels end a row group earlier where memory is short. */
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

const NAMES = optionNames(['compression', 'row_group_size', 'row_group_size_bytes', 'kv_metadata'], {
  codec: 'compression',
});
/** DuckDB's. */
const DEFAULT_ROW_GROUP = 122_880;

/** Checks the options of COPY … (FORMAT parquet). @throws RayexecError `bind` */
export function parquetWriteOptions(options: Readonly<Record<string, Json>>): ParquetWriteOptions {
  const o = new WriterOptions('Parquet', options, NAMES);
  const codec = String(o.value('compression') ?? 'snappy').toLowerCase();
  if (!Object.hasOwn(CODECS, codec)) {
    throw new RayexecError('bind', `Parquet has no compression '${codec}'`, {
      hint: didYouMean(codec, Object.keys(CODECS)) ?? `it has ${Object.keys(CODECS).join(', ')}`,
    });
  }
  const rows = Number(o.value('row_group_size') ?? DEFAULT_ROW_GROUP);
  if (!Number.isInteger(rows) || rows < 1 || rows > 2 ** 31 - 1) throw o.wrong('row_group_size', 'a number of rows');
  return {
    compression: CODECS[codec as keyof typeof CODECS],
    rowGroupRows: rows,
    rowGroupBytes: o.bytes('row_group_size_bytes') ?? Infinity,
    metadata: keyValues(o),
  };
}

function keyValues(o: WriterOptions): Readonly<Record<string, string>> {
  const option = o.value('kv_metadata');
  if (option === undefined) return {};
  const wrong = o.wrong('kv_metadata', "a struct of texts like {source: 'shop'}");
  if (option === null || typeof option !== 'object' || Array.isArray(option)) throw wrong;
  return Object.fromEntries(
    Object.entries(option).map(([key, value]) => {
      if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
        return [key, String(value)];
      throw wrong;
    }),
  );
}
