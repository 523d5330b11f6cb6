import type { LinearMemory } from '../../memory/linear-memory.ts';
import { partsOf, partWord, setPartWord } from './shared-parts.ts';
import { lastRecord, storedRows } from './stored/stored-batches.ts';

/** The shared struct: lists of parts. */
export const KEPT = 0;
export const CANDIDATES = 4;

/** Words of a kept part: the list's head, and its last records when the last round began and ended (0: none). */
export const HEAD = 0;
export const BEGIN = 1;
export const END = 2;

/** The rows that all rounds made so far. */
export const recursionRows = (memory: LinearMemory, struct: number): number =>
  partsOf(memory, struct + KEPT).reduce((sum, part) => sum + storedRows(memory, partWord(memory, part, HEAD)), 0);

/** Makes the rows of the round that has ended those which the next one reads. */
export function beginRound(memory: LinearMemory, struct: number): void {
  for (const part of partsOf(memory, struct + KEPT)) {
    setPartWord(memory, part, BEGIN, partWord(memory, part, END));
    setPartWord(memory, part, END, lastRecord(memory, partWord(memory, part, HEAD)));
  }
}
