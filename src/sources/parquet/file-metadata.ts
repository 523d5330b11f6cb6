import { RayexecError } from '../../common/errors.ts';
import {
  booleanAt,
  bytesAt,
  numberAt,
  requiredNumber,
  requiredStruct,
  structAt,
  structsAt,
  type ThriftStruct,
  textAt,
  textsAt,
} from './thrift.ts';

/** What a Parquet file's footer tells. */
export type FileMetadata = {
  readonly rows: number;
  /** The schema's tree in depth-first order; the first element is its root. */
  readonly schema: readonly SchemaElement[];
  readonly rowGroups: readonly RowGroup[];
};

export type SchemaElement = {
  readonly name: string;
  /** Absent for groups. */
  readonly type: ParquetType | undefined;
  /** Bytes of a FIXED_LEN_BYTE_ARRAY. */
  readonly length: number;
  readonly repetition: 'required' | 'optional' | 'repeated';
  readonly children: number;
  readonly annotation: Annotation | undefined;
};

export type ParquetType =
  | 'BOOLEAN'
  | 'INT32'
  | 'INT64'
  | 'INT96'
  | 'FLOAT'
  | 'DOUBLE'
  | 'BYTE_ARRAY'
  | 'FIXED_LEN_BYTE_ARRAY';

/** What the values mean: the logical type, or the older converted type in its terms. */
export type Annotation =
  | { readonly kind: 'string' | 'enum' | 'json' | 'bson' | 'uuid' | 'float16' | 'date' | 'interval' | 'null' }
  | { readonly kind: 'map' | 'map-entry' | 'list' }
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number }
  | { readonly kind: 'time' | 'timestamp'; readonly unit: 'ms' | 'us' | 'ns'; readonly utc: boolean }
  | { readonly kind: 'int'; readonly bits: number; readonly signed: boolean }
  | { readonly kind: 'other'; readonly name: string };

export type RowGroup = { readonly rows: number; readonly chunks: readonly ColumnChunk[] };

export type ColumnChunk = {
  readonly path: readonly string[];
  readonly codec: number;
  readonly values: number;
  /** Where the first page is, and the bytes of all pages. */
  readonly offset: number;
  readonly length: number;
  readonly uncompressed: number;
  readonly statistics: ChunkStatistics | undefined;
  readonly indexes: IndexPlaces | undefined;
  readonly isEncrypted: boolean;
  /** The pages are in this other file. */
  readonly file: string | undefined;
};

/** Where a chunk's OffsetIndex and ColumnIndex are in the file; the latter may be missing, and has 0 bytes then. */
export type IndexPlaces = readonly [offsets: number, bytes: number, values: number, bytes: number];

export type ChunkStatistics = {
  /** By the column's own order. */
  readonly min: Uint8Array | undefined;
  readonly max: Uint8Array | undefined;
  /** By signed comparison, of old writers. */
  readonly signedMin: Uint8Array | undefined;
  readonly signedMax: Uint8Array | undefined;
  readonly nulls: number | undefined;
  readonly distinct: number | undefined;
};

/** The metadata of a footer's struct. @throws RayexecError `format` */
export function fileMetadata(footer: ThriftStruct): FileMetadata {
  return {
    rows: requiredNumber(footer, 3),
    schema: structsAt(footer, 2).map(schemaElement),
    rowGroups: structsAt(footer, 4).map(group => ({
      rows: requiredNumber(group, 3),
      chunks: structsAt(group, 1).map(columnChunk),
    })),
  };
}

/** The physical types by their numbers in the format. */
export const PARQUET_TYPES: readonly ParquetType[] = [
  'BOOLEAN',
  'INT32',
  'INT64',
  'INT96',
  'FLOAT',
  'DOUBLE',
  'BYTE_ARRAY',
  'FIXED_LEN_BYTE_ARRAY',
];

function schemaElement(struct: ThriftStruct): SchemaElement {
  const type = numberAt(struct, 1);
  if (type !== undefined && PARQUET_TYPES[type] === undefined)
    throw new RayexecError('format', `unknown physical type ${type}`);
  return {
    name: textAt(struct, 4) ?? '',
    type: type === undefined ? undefined : PARQUET_TYPES[type],
    length: numberAt(struct, 2) ?? 0,
    repetition: (['required', 'optional', 'repeated'] as const)[numberAt(struct, 3) ?? 0] ?? 'required',
    children: numberAt(struct, 5) ?? 0,
    annotation: logicalType(structAt(struct, 10)) ?? convertedType(struct),
  };
}

function logicalType(union: ThriftStruct | undefined): Annotation | undefined {
  const first = union?.entries().next().value;
  if (union === undefined || first === undefined) return undefined;
  const [id] = first;
  const struct = requiredStruct(union, id);
  switch (id) {
    case 1:
      return { kind: 'string' };
    case 2:
      return { kind: 'map' };
    case 3:
      return { kind: 'list' };
    case 4:
      return { kind: 'enum' };
    case 5:
      return { kind: 'decimal', scale: requiredNumber(struct, 1), precision: requiredNumber(struct, 2) };
    case 6:
      return { kind: 'date' };
    case 7:
    case 8: {
      const unit = requiredStruct(struct, 2);
      const name = unit.has(1) ? 'ms' : unit.has(2) ? 'us' : 'ns';
      return { kind: id === 7 ? 'time' : 'timestamp', unit: name, utc: booleanAt(struct, 1) ?? false };
    }
    case 10:
      return { kind: 'int', bits: requiredNumber(struct, 1), signed: booleanAt(struct, 2) ?? true };
    case 11:
      return { kind: 'null' };
    case 12:
      return { kind: 'json' };
    case 13:
      return { kind: 'bson' };
    case 14:
      return { kind: 'uuid' };
    case 15:
      return { kind: 'float16' };
    case 16:
      return { kind: 'other', name: 'VARIANT' };
    default:
      return undefined;
  }
}

/** The annotation of files from before logical types; their times are taken as wall-clock times, as DuckDB does. */
function convertedType(struct: ThriftStruct): Annotation | undefined {
  switch (numberAt(struct, 6)) {
    case 0:
      return { kind: 'string' };
    case 1:
      return { kind: 'map' };
    case 2:
      return { kind: 'map-entry' };
    case 3:
      return { kind: 'list' };
    case 4:
      return { kind: 'enum' };
    case 5:
      return { kind: 'decimal', scale: numberAt(struct, 7) ?? 0, precision: numberAt(struct, 8) ?? 0 };
    case 6:
      return { kind: 'date' };
    case 7:
      return { kind: 'time', unit: 'ms', utc: false };
    case 8:
      return { kind: 'time', unit: 'us', utc: false };
    case 9:
      return { kind: 'timestamp', unit: 'ms', utc: false };
    case 10:
      return { kind: 'timestamp', unit: 'us', utc: false };
    case 11:
      return { kind: 'int', bits: 8, signed: false };
    case 12:
      return { kind: 'int', bits: 16, signed: false };
    case 13:
      return { kind: 'int', bits: 32, signed: false };
    case 14:
      return { kind: 'int', bits: 64, signed: false };
    case 15:
      return { kind: 'int', bits: 8, signed: true };
    case 16:
      return { kind: 'int', bits: 16, signed: true };
    case 17:
      return { kind: 'int', bits: 32, signed: true };
    case 18:
      return { kind: 'int', bits: 64, signed: true };
    case 19:
      return { kind: 'json' };
    case 20:
      return { kind: 'bson' };
    case 21:
      return { kind: 'interval' };
    default:
      return undefined;
  }
}

function columnChunk(struct: ThriftStruct): ColumnChunk {
  const data = structAt(struct, 3);
  // With an encrypted footer entry even the place of the pages is hidden.
  if (data === undefined)
    throw new RayexecError('unsupported', 'a column chunk has no readable metadata: it is encrypted');
  const statistics = structAt(data, 12);
  const dataPage = requiredNumber(data, 9);
  const dictionaryPage = numberAt(data, 11) ?? 0;
  return {
    path: textsAt(data, 3),
    codec: requiredNumber(data, 4),
    values: requiredNumber(data, 5),
    // Some writers give 0 for "no dictionary", some an offset behind the data.
    offset: dictionaryPage > 0 && dictionaryPage < dataPage ? dictionaryPage : dataPage,
    length: requiredNumber(data, 7),
    uncompressed: requiredNumber(data, 6),
    statistics: statistics && {
      min: bytesAt(statistics, 6),
      max: bytesAt(statistics, 5),
      signedMin: bytesAt(statistics, 2),
      signedMax: bytesAt(statistics, 1),
      nulls: numberAt(statistics, 3),
      distinct: numberAt(statistics, 4),
    },
    indexes: indexPlaces(struct),
    isEncrypted: struct.has(8) || struct.has(9),
    file: textAt(struct, 1) || undefined,
  };
}

/** Of indexes that can be where they are said to be: files are read without them as well. */
function indexPlaces(chunk: ThriftStruct): IndexPlaces | undefined {
  const places = [4, 5, 6, 7].map(id => numberAt(chunk, id) ?? 0);
  const [offsets, bytes, values, valueBytes] = places as [number, number, number, number];
  const areCounts = places.every(n => Number.isSafeInteger(n) && n >= 0);
  return areCounts && bytes > 0 ? [offsets, bytes, values, valueBytes] : undefined;
}
