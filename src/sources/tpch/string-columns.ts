import { UTF8 } from '../../types/data-type.ts';
import { AsciiWords, COPY_SLACK } from './ascii-words.ts';
import type { ColumnDefinition, UnitRange } from './define-table.ts';
import type { FillIntegers, OpenIntegers } from './number-columns.ts';
import { drawBelow, nextSeed, RandomStream } from './random-stream.ts';
import { sharedTextPool, TEXT_POOL_SIZE, type TextPool } from './text-pool.ts';
import { TPCH_BATCH_ROWS } from './tpch-table.ts';

const POWERS_OF_TEN = Int32Array.from({ length: 10 }, (_, i) => 10 ** i);

/** The growing values of a VARCHAR column; written to from `end` on, each value closed by `endValue`. */
class StringBuffer {
  readonly offsets: Uint32Array = new Uint32Array(TPCH_BATCH_ROWS + 1);
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** Where the next byte goes. */
  end = 0;
  #values = 0;

  /** Room for a batch of values of at most `maxLength` bytes. */
  constructor(maxLength: number) {
    this.bytes = new Uint8Array(TPCH_BATCH_ROWS * maxLength + 2 * COPY_SLACK);
    this.view = new DataView(this.bytes.buffer);
  }

  /** Forgets all values. */
  clear(): void {
    this.end = 0;
    this.#values = 0;
  }

  writeByte(byte: number): void {
    this.bytes[this.end++] = byte;
  }

  writeWord(words: AsciiWords, word: number): void {
    this.end = words.copy(word, 0, this.view, this.end);
  }

  /** Writes a whole number ≥ 0 below 2³¹ with at least `width` digits. */
  writeNumber(value: number, width: number): void {
    let length = width;
    while (length < 10 && value >= POWERS_OF_TEN[length]!) length++;
    let rest = value;
    for (let at = this.end + length - 1; at >= this.end; at--) {
      const tenth = (rest / 10) | 0;
      this.bytes[at] = 48 + rest - 10 * tenth;
      rest = tenth;
    }
    this.end += length;
  }

  writeText(pool: TextPool, offset: number, length: number): void {
    pool.copy(offset, length, this.view, this.end);
    this.end += length;
  }

  endValue(): void {
    this.offsets[++this.#values] = this.end;
  }
}

/** Writes one value a row. */
export type FillStrings = (out: StringBuffer, range: UnitRange) => void;

/** A column of type VARCHAR whose values have at most `maxLength` bytes. */
export function stringColumn(
  maxLength: number,
  open: (scale: number, fromUnit: number) => FillStrings,
): ColumnDefinition {
  return {
    type: UTF8,
    open(scale, fromUnit) {
      const fill = open(scale, fromUnit);
      const buffer = new StringBuffer(maxLength);
      return {
        column: { kind: 'utf8', offsets: buffer.offsets, bytes: buffer.bytes },
        fill(range) {
          buffer.clear();
          fill(buffer, range);
        },
      };
    },
  };
}

/** A column of words from a list, chosen by indexes into it. */
export function wordColumn(list: readonly string[], openIndexes: OpenIntegers): ColumnDefinition {
  const words = new AsciiWords(list);
  return stringColumn(Math.max(...words.lengths), (scale, fromUnit) => {
    const fillIndexes = openIndexes(scale, fromUnit);
    const indexes = new Int32Array(TPCH_BATCH_ROWS);
    return (out, range) => {
      fillIndexes(indexes, range);
      for (let row = 0; row < range.rows; row++) {
        out.writeWord(words, indexes[row]!);
        out.endValue();
      }
    };
  });
}

/** A column of a fixed text followed by a number of at least `width` digits: `Customer#000000001`. */
export function numberedColumn(prefix: string, width: number, openNumbers: OpenIntegers): ColumnDefinition {
  const word = new AsciiWords([prefix]);
  return stringColumn(prefix.length + Math.max(width, 10), (scale, fromUnit) => {
    const fillNumbers: FillIntegers = openNumbers(scale, fromUnit);
    const numbers = new Int32Array(TPCH_BATCH_ROWS);
    return (out, range) => {
      fillNumbers(numbers, range);
      for (let row = 0; row < range.rows; row++) {
        out.writeWord(word, 0);
        out.writeNumber(numbers[row]!, width);
        out.endValue();
      }
    };
  });
}

/** Lengths are drawn from 0.4 to 1.6 times the average. */
const shortest = (average: number): number => Math.trunc(average * 0.4);
const longest = (average: number): number => Math.trunc(average * 1.6);

/** A column of pieces of the text pool, for units of up to `maxRowsPerUnit` rows. */
export function commentColumn(seed: number, averageLength: number, maxRowsPerUnit: number): ColumnDefinition {
  return stringColumn(longest(averageLength), (_scale, fromUnit) =>
    openComments(seed, averageLength, maxRowsPerUnit, fromUnit),
  );
}

/** The values of `commentColumn`. */
export function openComments(seed: number, average: number, maxRowsPerUnit: number, fromUnit: number): FillStrings {
  const pool = sharedTextPool();
  const stream = new RandomStream(seed, 2 * maxRowsPerUnit, fromUnit);
  const low = shortest(average);
  const lengthRange = longest(average) - low + 1;
  const offsetRange = TEXT_POOL_SIZE - longest(average) + 1;
  return (out, range) => {
    for (let unit = 0; unit < range.units; unit++) {
      let state = stream.seed;
      for (let left = range.rowsPerUnit[unit]!; left > 0; left--) {
        state = nextSeed(state);
        const offset = drawBelow(state, offsetRange);
        state = nextSeed(state);
        out.writeText(pool, offset, low + drawBelow(state, lengthRange));
        out.endValue();
      }
      stream.nextUnit();
    }
  };
}

const ALPHABET = new TextEncoder().encode('0123456789abcdefghijklmnopqrstuvwxyz ABCDEFGHIJKLMNOPQRSTUVWXYZ,');
const ADDRESS_AVERAGE_LENGTH = 25;

/** A column of random letters and digits. */
export function addressColumn(seed: number): ColumnDefinition {
  const low = shortest(ADDRESS_AVERAGE_LENGTH);
  const high = longest(ADDRESS_AVERAGE_LENGTH);
  return stringColumn(high, (_scale, fromUnit) => {
    const stream = new RandomStream(seed, 9, fromUnit);
    return (out, range) => {
      for (let unit = 0; unit < range.units; unit++) {
        let state = nextSeed(stream.seed);
        const length = low + drawBelow(state, high - low + 1);
        let bits = 0;
        for (let i = 0; i < length; i++) {
          if (i % 5 === 0) {
            state = nextSeed(state);
            // The reference asks for 0 … 2³¹ − 1, the size of which overflows to −2³¹.
            bits = drawBelow(state, -2147483648);
          }
          out.writeByte(ALPHABET[bits & 63]!);
          bits >>= 6;
        }
        out.endValue();
        stream.nextUnit();
      }
    };
  });
}

const DASH = 45;

/** A column of phone numbers, whose country code follows from the nation. */
export function phoneColumn(seed: number, openNations: OpenIntegers): ColumnDefinition {
  return stringColumn(15, (scale, fromUnit) => {
    const fillNations = openNations(scale, fromUnit);
    const nations = new Int32Array(TPCH_BATCH_ROWS);
    const stream = new RandomStream(seed, 3, fromUnit);
    return (out, range) => {
      fillNations(nations, range);
      for (let unit = 0; unit < range.units; unit++) {
        out.writeNumber(10 + nations[unit]!, 2);
        let state = nextSeed(stream.seed);
        out.writeByte(DASH);
        out.writeNumber(100 + drawBelow(state, 900), 3);
        state = nextSeed(state);
        out.writeByte(DASH);
        out.writeNumber(100 + drawBelow(state, 900), 3);
        state = nextSeed(state);
        out.writeByte(DASH);
        out.writeNumber(1000 + drawBelow(state, 9000), 4);
        out.endValue();
        stream.nextUnit();
      }
    };
  });
}
