import { RayexecError } from '../../common/errors.ts';
import type { ByteSource } from '../../platform/platform.ts';
import { type FileMetadata, fileMetadata } from './file-metadata.ts';
import { readStruct, ShortInput, type ThriftStruct } from './thrift.ts';

/** Footers of files with some dozen columns and row groups fit; others cost a second read. */
const FIRST_READ = 64 * 1024;
/** The magic number, twice, and the footer's length. */
const LEAST_BYTES = 12;

/** A footer as the file has it. */
export type RawFooter = { readonly struct: ThriftStruct; readonly bytes: number };

/** Reads and checks a Parquet file's footer. @throws RayexecError `io`, `format`, `unsupported` */
export async function readFooter(file: ByteSource): Promise<FileMetadata> {
  return await decodeFooter(file, ({ struct }) => {
    const metadata = fileMetadata(struct);
    checkMetadata(metadata, file.size);
    return metadata;
  });
}

/** Reads a file's footer and makes something of it, whose errors tell of the file. @throws RayexecError `io`, `format`, `unsupported` */
export async function decodeFooter<T>(file: ByteSource, decode: (footer: RawFooter) => T): Promise<T> {
  const where = file.path;
  if (file.size < LEAST_BYTES) {
    throw new RayexecError('format', `this is no Parquet file: it has ${file.size} bytes only`, { where });
  }
  let tail = await readEnd(file, Math.min(file.size, FIRST_READ));
  const magic = String.fromCharCode(...tail.subarray(tail.length - 4));
  if (magic === 'PARE') throw new RayexecError('unsupported', 'encrypted Parquet files', { where });
  if (magic !== 'PAR1')
    throw new RayexecError('format', 'this is no Parquet file: it does not end with PAR1', { where });
  const length = new DataView(tail.buffer).getUint32(tail.length - 8, true);
  if (length > file.size - LEAST_BYTES) {
    throw new RayexecError('format', `damaged footer: its length is ${length} in a file of ${file.size} bytes`, {
      where,
    });
  }
  if (length + 8 > tail.length) tail = await readEnd(file, length + 8);
  try {
    return decode({
      struct: readStruct(tail.subarray(tail.length - 8 - length, tail.length - 8)).value,
      bytes: length,
    });
  } catch (e) {
    if (e instanceof ShortInput) throw new RayexecError('format', 'damaged footer: it ends too early', { where });
    if (e instanceof RayexecError && e.where === undefined)
      throw new RayexecError(e.code, e.summary, { where, cause: e });
    throw e;
  }
}

async function readEnd(file: ByteSource, bytes: number): Promise<Uint8Array> {
  const end = new Uint8Array(bytes);
  await file.read(file.size - bytes, end);
  return end;
}

/** What later code relies on: sizes that fit the file, as many chunks as leaves, counts that agree. */
function checkMetadata({ schema, rowGroups }: FileMetadata, fileSize: number): void {
  const leaves = schema.filter(e => e.type !== undefined).length;
  rowGroups.forEach((group, i) => {
    const damaged = (what: string): RayexecError =>
      new RayexecError('format', `damaged footer: row group ${i} ${what}`);
    if (!isCount(group.rows)) throw damaged(`has ${group.rows} rows`);
    if (group.chunks.length !== leaves) throw damaged(`has ${group.chunks.length} columns, the schema ${leaves}`);
    for (const chunk of group.chunks) {
      const name = chunk.path.join('.');
      if (chunk.isEncrypted) throw new RayexecError('unsupported', `the column '${name}' is encrypted`);
      if (chunk.file !== undefined) throw new RayexecError('unsupported', `the column '${name}' is in another file`);
      const fits = isCount(chunk.offset) && isCount(chunk.length) && chunk.offset + chunk.length <= fileSize;
      if (!fits || !isCount(chunk.values) || !isCount(chunk.uncompressed)) {
        throw damaged(`has its column '${name}' at byte ${chunk.offset}, ${chunk.length} bytes, beyond the file's end`);
      }
    }
  });
}

const isCount = (n: number): boolean => Number.isSafeInteger(n) && n >= 0;
