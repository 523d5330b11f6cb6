import { formatRaw } from '../../types/format-raw.ts';
import { scalarToRaw } from '../../types/raw-value.ts';
import type { StoredRow } from '../stored-rows.ts';
import { fileColumns, type LeafLayout, leavesOf } from './column-layout.ts';
import { fileMetadata, PARQUET_TYPES } from './file-metadata.ts';
import { digitsAt, named } from './footer-texts.ts';
import { bound } from './statistics.ts';
import {
  booleanAt,
  bytesAt,
  numberAt,
  requiredStruct,
  structAt,
  structsAt,
  type ThriftStruct,
  textsAt,
} from './thrift.ts';

const CODECS = ['UNCOMPRESSED', 'SNAPPY', 'GZIP', 'LZO', 'BROTLI', 'LZ4', 'ZSTD', 'LZ4_RAW'];
const ENCODINGS = [
  ...['PLAIN', 'GROUP_VAR_INT', 'PLAIN_DICTIONARY', 'RLE', 'BIT_PACKED', 'DELTA_BINARY_PACKED'],
  ...['DELTA_LENGTH_BYTE_ARRAY', 'DELTA_BYTE_ARRAY', 'RLE_DICTIONARY', 'BYTE_STREAM_SPLIT'],
];

/** The column chunks of a footer as rows of `parquet_metadata`, without the file's name. */
export function chunkRows(footer: ThriftStruct): readonly StoredRow[] {
  const leaves = fileColumns(fileMetadata(footer).schema).flatMap(c => leavesOf(c.layout));
  return structsAt(footer, 4).flatMap((group, g) => {
    const chunks = structsAt(group, 1);
    const own = [String(g), digitsAt(group, 3), String(chunks.length), digitsAt(group, 2)];
    return chunks.map((chunk, c) => [...own, ...chunkRow(chunk, c, leaves[c])]);
  });
}

function chunkRow(chunk: ThriftStruct, column: number, leaf: LeafLayout | undefined): StoredRow {
  const data = requiredStruct(chunk, 3);
  const statistics = structAt(data, 12);
  return [
    String(column),
    digitsAt(chunk, 2),
    digitsAt(data, 5),
    textsAt(data, 3).join(', '),
    PARQUET_TYPES[numberAt(data, 1) ?? -1] ?? null,
    digitsAt(statistics, 3),
    digitsAt(statistics, 4),
    boundText(leaf, statistics, 6, 'min'),
    boundText(leaf, statistics, 5, 'max'),
    named(CODECS, numberAt(data, 4)),
    encodings(data),
    digitsAt(data, 10),
    digitsAt(data, 11),
    digitsAt(data, 9),
    digitsAt(data, 7),
    digitsAt(data, 6),
    digitsAt(data, 14),
    digitsAt(data, 15),
    statistics === undefined ? null : (booleanAt(statistics, 8) ?? null),
    statistics === undefined ? null : (booleanAt(statistics, 7) ?? null),
  ];
}

function encodings(data: ThriftStruct): string | null {
  const list = data.get(2);
  return Array.isArray(list) ? list.map(n => named(ENCODINGS, n as number)).join(', ') : null;
}

/** A bound as the text of the value that it stands for; NULL for kinds of values that have none here. */
function boundText(
  leaf: LeafLayout | undefined,
  statistics: ThriftStruct | undefined,
  id: number,
  side: 'min' | 'max',
): string | null {
  const bytes = statistics && bytesAt(statistics, id);
  const value = leaf && bytes && bound(leaf, bytes, side);
  return value === undefined ? null : formatRaw(value.type, scalarToRaw(value)!);
}
