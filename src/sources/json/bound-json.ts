import type { Json } from '../../common/json.ts';
import type { BoundSource } from '../../plan/logical-plan.ts';
import type { TextFile } from '../text-reader.ts';

/** What a scan of JSON files needs to know, as plain data. */
export type JsonState = {
  readonly files: readonly JsonFile[];
  /** By the source's column: its key; null when the column is the record itself. */
  readonly keys: readonly (string | null)[];
  readonly dateFormat?: string | undefined;
  readonly timestampFormat?: string | undefined;
  readonly ignoreErrors: boolean;
  readonly maxRecordBytes: number;
};

type JsonFile = TextFile & {
  /** The records are the elements of one array. */
  readonly isArray: boolean;
  /** Each record stands in a line of its own. */
  readonly isLines: boolean;
};

// Both are JSON by construction, which the types of their optional parts can't show.
export const jsonState = (source: BoundSource): JsonState => source.state as unknown as JsonState;
export const toJson = (state: JsonState): Json => JSON.parse(JSON.stringify(state)) as Json;
