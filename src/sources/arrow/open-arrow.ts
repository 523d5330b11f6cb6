import type * as Arrow from 'apache-arrow';
import type { ArrowLibrary } from '../../batch/to-arrow.ts';
import { RayexecError } from '../../common/errors.ts';
import type { Platform } from '../../platform/platform.ts';
import { checkMetadata } from './check-metadata.ts';

/** An Arrow IPC file in memory, opened. */
export type ArrowFile = Arrow.RecordBatchFileReader | Arrow.RecordBatchStreamReader;

/** Reads an Arrow IPC file, of the file or the streaming format. @throws RayexecError `io`, `format` */
export async function readArrowFile(path: string, platform: Platform): Promise<Uint8Array> {
  const source = await platform.open(path);
  try {
    const bytes = new Uint8Array(source.size);
    await source.read(0, bytes);
    return bytes;
  } finally {
    source.close();
  }
}

/** @throws RayexecError `format` when the bytes are no Arrow IPC data */
export function openArrow(arrow: ArrowLibrary, bytes: Uint8Array, path: string): ArrowFile {
  return guarded(path, () => {
    checkMetadata(bytes);
    const reader = arrow.RecordBatchReader.from<Arrow.TypeMap>(bytes) as ArrowFile;
    reader.open();
    if (reader.schema == null) throw new RayexecError('format', 'not Arrow IPC data: there is no schema');
    return reader;
  });
}

/** Runs the library's code, whose errors over damaged data are of any kind. @throws RayexecError */
export function guarded<T>(path: string, run: () => T): T {
  try {
    return run();
  } catch (cause) {
    if (cause instanceof RayexecError) {
      if (cause.where !== undefined) throw cause;
      throw new RayexecError(cause.code, cause.summary, { where: path, hint: cause.hint, cause });
    }
    throw new RayexecError('format', `not Arrow IPC data, or damaged: ${(cause as Error).message}`, {
      where: path,
      cause,
    });
  }
}
