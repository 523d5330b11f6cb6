import type { LinearMemory } from '../../memory/linear-memory.ts';

/**
 * What the sink clones of a node hand to those that run later, on any thread: records of u32 words, linked from a word
 * of the node's shared struct. A record starts with the next record's address and the clone's number.
 */
export type Part = number;

const PARTITION = 1;
/** Words of a record before its own. */
export const PART_HEADER = 2;

/** Links a record of `words` (the sink's own; see PART_HEADER) into the list at address `list`. */
export function publishPart(
  memory: LinearMemory,
  list: number,
  part: Part,
  partition: number,
  words: readonly number[],
): void {
  const u32 = memory.u32;
  u32[(part >>> 2) + PARTITION] = partition;
  u32.set(words, (part >>> 2) + PART_HEADER);
  for (;;) {
    const head = Atomics.load(u32, list >>> 2);
    u32[part >>> 2] = head;
    if (Atomics.compareExchange(u32, list >>> 2, head, part) === head) return;
  }
}

/** The records of a list, in the order of their clones. */
export function partsOf(memory: LinearMemory, list: number): Part[] {
  const u32 = memory.u32;
  const parts: Part[] = [];
  for (let part = u32[list >>> 2]!; part !== 0; part = u32[part >>> 2]!) parts.push(part);
  return parts.sort((a, b) => u32[(a >>> 2) + PARTITION]! - u32[(b >>> 2) + PARTITION]!);
}

/** Word `index` of a record, counting from its own first. */
export const partWord = (memory: LinearMemory, part: Part, index: number): number =>
  memory.u32[(part >>> 2) + PART_HEADER + index]!;

export function setPartWord(memory: LinearMemory, part: Part, index: number, value: number): void {
  memory.u32[(part >>> 2) + PART_HEADER + index] = value;
}

/** Takes the next number from a counter that all clones share. */
export const claim = (memory: LinearMemory, counter: number): number => Atomics.add(memory.u32, counter >>> 2, 1);
