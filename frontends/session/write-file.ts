import type { Json } from '../../src/common/json.ts';
import { Slices } from '../../src/common/slices.ts';
import type { Machine } from '../../src/execute/runtime.ts';
import type { RowStream } from './session.ts';

/** Where rows go: a path, a format, and the format's options under SQL's names. */
export type FileTarget = {
  readonly path: string;
  readonly format: string;
  readonly options: Readonly<Record<string, Json>>;
};

/** Writes rows into files as they come; a file appears when it is complete. Returns the number of rows, and the files. */
export async function writeFile(
  machine: Machine,
  { batches, schema }: RowStream,
  { path, format, options }: FileTarget,
): Promise<{ readonly rows: number; readonly files: readonly string[] }> {
  const { openWriter } = await import('../../src/sources/write-file.ts');
  const { writer, files } = await openWriter(format, machine, path, schema, options);
  try {
    const slices = new Slices();
    for await (const batch of batches) {
      await writer.write(batch);
      // Batches that are there already, and writers that only collect, give nobody else a turn.
      if (slices.isOver) await slices.next();
    }
    return { rows: await writer.finish(), files };
  } catch (error) {
    await writer.abort();
    throw error;
  }
}
