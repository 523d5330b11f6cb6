import type { Schema } from '../../src/types/data-type.ts';
import type { RawValue } from '../../src/types/raw-value.ts';
import type { TimeZone } from '../../src/types/time-zone.ts';

/** Rows by columns. Column names may repeat. */
export interface ResultBatch {
  readonly schema: Schema;
  readonly rowCount: number;
  /** The raw values of a column by its position, one a row. */
  column(index: number): ArrayLike<RawValue>;
}

/** All rows of a query. */
export interface ResultSet extends ResultBatch {
  /** Whose clocks instants are shown by; without one, UTC. */
  readonly timeZone?: TimeZone | undefined;
}
