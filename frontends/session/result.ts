import { typeName } from '../../src/types/type-name.ts';
import { type ArrowTableLike, valueReader } from '../dataframe/index.ts';
import type { ResultSet } from '../dataframe/result.ts';

/** The ways out that lose nothing. */
const EXACT = { int64: 'bigint', decimal: 'string', date: 'string', timestamp: 'string' } as const;

/** What a statement gave: rows, exact in all types. Statements without rows (CREATE, SET) have none and no columns. */
export class Result {
  /** Names, and SQL types as SQL spells them. Names may repeat. */
  readonly schema: readonly { readonly name: string; readonly type: string }[];
  readonly rowCount: number;
  readonly #rows: ResultSet;

  constructor(rows: ResultSet) {
    this.#rows = rows;
    this.schema = rows.schema.map(f => ({ name: f.name, type: typeName(f.type) }));
    this.rowCount = rows.rowCount;
  }

  /** The result of a statement that gives no rows. */
  static none(): Result {
    return new Result({ schema: [], rowCount: 0, column: () => [] });
  }

  /**
   * The rows as arrays in column order. 64-bit integers are bigints, decimals and dates text, exactly as SQL prints
   * them; lists are arrays, structs objects, maps Maps.
   */
  rows(): unknown[][] {
    const { schema } = this.#rows;
    // Loops: results are long, and `Array.from` calls a function for each value.
    const rows = new Array<unknown[]>(this.rowCount);
    for (let r = 0; r < rows.length; r++) rows[r] = new Array<unknown>(schema.length);
    for (const [i, { name, type }] of schema.entries()) {
      const raw = this.#rows.column(i);
      const read = valueReader(name, type, EXACT);
      for (let r = 0; r < rows.length; r++) rows[r]![i] = read(raw[r] ?? null);
    }
    return rows;
  }

  /** The rows as an Arrow table, exact in all types. Loads apache-arrow. */
  async toArrow(): Promise<ArrowTableLike> {
    const [arrow, { rawToArrowTable }] = await Promise.all([
      import('apache-arrow'),
      import('../../src/batch/to-arrow-batch.ts'),
    ]);
    return rawToArrowTable(arrow, this.#rows.schema, this.rowCount, i => this.#rows.column(i));
  }

  /** The rows with the engine's own types. */
  get raw(): ResultSet {
    return this.#rows;
  }
}
