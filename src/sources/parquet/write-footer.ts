import { invariant } from '../../common/errors.ts';
import { type Annotation, PARQUET_TYPES, type SchemaElement } from './file-metadata.ts';
import { ThriftWriter } from './thrift-writer.ts';
import type { WrittenChunk } from './write-chunk.ts';
import type { WrittenSchema } from './written-columns.ts';

/** The fields of the union. */
const LOGICAL_TYPES: Partial<Record<Annotation['kind'], number>> = {
  string: 1,
  map: 2,
  list: 3,
  enum: 4,
  decimal: 5,
  date: 6,
  time: 7,
  timestamp: 8,
  int: 10,
  null: 11,
  json: 12,
  uuid: 14,
};

const UNITS = { ms: 1, us: 2, ns: 3 } as const;

const REPETITIONS: readonly SchemaElement['repetition'][] = ['required', 'optional', 'repeated'];

/** A row group: a chunk for each leaf. */
export type WrittenGroup = { readonly rows: number; readonly chunks: readonly WrittenChunk[] };

export type WrittenFile = {
  readonly schema: WrittenSchema;
  readonly groups: readonly WrittenGroup[];
  /** Where the indexes begin, which lie in front of the footer. */
  readonly indexes: number;
  readonly codec: number;
  /** Key-value metadata. */
  readonly metadata: Readonly<Record<string, string>>;
};

/** The indexes of all chunks: what tells the pages' values of all row groups, then what tells their places. */
export function indexBytes(groups: readonly WrittenGroup[]): Uint8Array<ArrayBuffer> {
  const chunks = groups.flatMap(g => g.chunks);
  const parts = [...chunks.map(c => c.columnIndex ?? []), ...chunks.map(c => c.offsetIndex)];
  const bytes = new Uint8Array(parts.reduce((sum, p) => sum + p.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** The footer's struct. */
export function footerBytes({ schema, groups, indexes, codec, metadata }: WrittenFile): Uint8Array<ArrayBuffer> {
  const w = new ThriftWriter();
  const leafElements = schema.elements.filter(e => e.type !== undefined);
  const paths = schema.columns.flatMap(c => c.leaves.map(l => l.path));
  const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
  w.i32(1, 1);
  const [root, ...below] = schema.elements;
  w.structList(2, [root!, ...below], element => writeElement(w, element, element === root));
  w.i64(3, sum(groups.map(g => g.rows)));
  let columnIndexes = indexes;
  let offsetIndexes = indexes + sum(groups.flatMap(g => g.chunks.map(c => c.columnIndex?.length ?? 0)));
  w.structList(4, groups, ({ rows, chunks }) => {
    w.structList(1, [...chunks.keys()], i => {
      const chunk = chunks[i]!;
      w.i64(2, 0);
      w.struct(3, () => writeChunkMetadata(w, leafElements[i]!, paths[i]!, chunk, codec));
      w.i64(4, offsetIndexes);
      w.i32(5, chunk.offsetIndex.length);
      offsetIndexes += chunk.offsetIndex.length;
      if (chunk.columnIndex === undefined) return;
      w.i64(6, columnIndexes);
      w.i32(7, chunk.columnIndex.length);
      columnIndexes += chunk.columnIndex.length;
    });
    w.i64(2, sum(chunks.map(c => c.uncompressed)));
    w.i64(3, rows);
    w.i64(6, sum(chunks.map(c => c.compressed)));
  });
  const pairs = Object.entries(metadata);
  if (pairs.length > 0) {
    w.structList(5, pairs, ([key, value]) => {
      w.text(1, key);
      w.text(2, value);
    });
  }
  w.text(6, 'rayexec');
  // All columns are ordered as their types are.
  w.structList(7, paths, () => w.struct(1, () => {}));
  return w.finish();
}

function writeElement(w: ThriftWriter, element: SchemaElement, isRoot: boolean): void {
  const { annotation, type } = element;
  if (type !== undefined) w.i32(1, PARQUET_TYPES.indexOf(type));
  if (type === 'FIXED_LEN_BYTE_ARRAY') w.i32(2, element.length);
  if (!isRoot) w.i32(3, REPETITIONS.indexOf(element.repetition));
  w.text(4, element.name);
  if (type === undefined) w.i32(5, element.children);
  const converted = convertedType(annotation);
  if (converted !== undefined) w.i32(6, converted);
  if (annotation?.kind === 'decimal') {
    w.i32(7, annotation.scale);
    w.i32(8, annotation.precision);
  }
  if (annotation !== undefined && annotation.kind !== 'interval') w.struct(10, () => writeLogicalType(w, annotation));
}

/** The annotation of readers from before logical types. */
function convertedType(annotation: Annotation | undefined): number | undefined {
  switch (annotation?.kind) {
    case 'string':
      return 0;
    case 'map':
      return 1;
    case 'list':
      return 3;
    case 'enum':
      return 4;
    case 'decimal':
      return 5;
    case 'date':
      return 6;
    case 'time':
      return annotation.unit === 'ms' ? 7 : 8;
    case 'timestamp':
      return annotation.unit === 'ns' ? undefined : annotation.unit === 'ms' ? 9 : 10;
    case 'int':
      return (annotation.signed ? 15 : 11) + Math.log2(annotation.bits / 8);
    case 'json':
      return 19;
    case 'interval':
      return 21;
    default:
      return undefined;
  }
}

function writeLogicalType(w: ThriftWriter, annotation: Annotation): void {
  const id = LOGICAL_TYPES[annotation.kind];
  invariant(id !== undefined, `nothing is written as ${annotation.kind}`);
  w.struct(id, () => {
    if (annotation.kind === 'decimal') {
      w.i32(1, annotation.scale);
      w.i32(2, annotation.precision);
    } else if (annotation.kind === 'time' || annotation.kind === 'timestamp') {
      w.boolean(1, annotation.utc);
      w.struct(2, () => w.struct(UNITS[annotation.unit], () => {}));
    } else if (annotation.kind === 'int') {
      w.i8(1, annotation.bits);
      w.boolean(2, annotation.signed);
    }
  });
}

function writeChunkMetadata(
  w: ThriftWriter,
  element: SchemaElement,
  path: readonly string[],
  chunk: WrittenChunk,
  codec: number,
): void {
  w.i32(1, PARQUET_TYPES.indexOf(element.type!));
  w.i32List(2, chunk.encodings);
  w.textList(3, path);
  w.i32(4, codec);
  w.i64(5, chunk.values);
  w.i64(6, chunk.uncompressed);
  w.i64(7, chunk.compressed);
  w.i64(9, chunk.dataPage);
  if (chunk.dictionaryPage !== undefined) w.i64(11, chunk.dictionaryPage);
  w.struct(12, () => {
    w.i64(3, chunk.nulls);
    if (chunk.max !== undefined) w.bytes(5, chunk.max);
    if (chunk.min !== undefined) w.bytes(6, chunk.min);
  });
}
