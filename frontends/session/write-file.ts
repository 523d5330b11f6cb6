import type { Json } from '../../src/common/json.ts';
import type { Query } from '../../src/query/query.ts';
import { openWriter } from '../../src/sources/write-file.ts';
import type { FileFormat } from '../dataframe/executor.ts';
import type { QueryOptions, Session } from './session.ts';

/** Where rows go: a path, a format, and the format's options under SQL's names. */
export type FileTarget = {
  readonly path: string;
  readonly format: FileFormat;
  readonly options: Readonly<Record<string, Json>>;
};

/** Runs a query into a file while it runs; the file appears when it is complete. Returns the number of rows. */
export async function writeFile(
  session: Session,
  query: Query,
  target: FileTarget,
  options: QueryOptions,
): Promise<number> {
  const { batches, schema } = await session.stream(query, options);
  const writer = await openWriter(target.format, session.host.readyMachine, target.path, schema, target.options);
  try {
    for await (const batch of batches) await writer.write(batch);
    return await writer.finish();
  } catch (error) {
    await writer.abort();
    throw error;
  }
}
