import type { Json } from '../../common/json.ts';
import type { BoundSource } from '../../plan/logical-plan.ts';
import type { TextFile } from '../text-reader.ts';
import type { DateOrder } from './date-order.ts';
import type { Dialect } from './dialect.ts';

/** What a scan of CSV files needs to know, as plain data. */
export type CsvState = {
  readonly files: readonly CsvFile[];
  readonly nullTexts: readonly string[];
  readonly quotedNulls: boolean;
  /** By the source's column: its texts are never NULL. */
  readonly notNull: readonly boolean[];
  readonly decimalSeparator: '.' | ',';
  readonly ignoreErrors: boolean;
  readonly nullPadding: boolean;
  readonly maxLineBytes: number;
};

export type CsvFile = TextFile & {
  readonly dialect: Dialect;
  /** Fields of a record. */
  readonly width: number;
  /** By the source's column: where it is in a record; null when it is not there. */
  readonly fields: readonly (CsvField | null)[];
};

export type CsvField = {
  readonly index: number;
  /** The type was found by looking at the file's beginning. */
  readonly isSniffed: boolean;
  readonly order?: DateOrder | undefined;
  readonly separator?: string | undefined;
  readonly format?: string | undefined;
};

// Both are JSON by construction, which the types of their optional parts can't show.
export const csvState = (source: BoundSource): CsvState => source.state as unknown as CsvState;
export const toJson = (state: CsvState): Json => JSON.parse(JSON.stringify(state)) as Json;
