import { RayexecError } from '../../common/errors.ts';
import { jumpFactor, multiplyModulo } from './random-stream.ts';
import { TEXT_CHECKPOINTS } from './text-checkpoints.ts';
import { MAX_SENTENCE_TOKENS, SentenceWriter, TOKENS } from './text-tokens.ts';

/** Length of the pool in bytes, as in the reference. */
export const TEXT_POOL_SIZE = 300 * 1024 * 1024;
const FIRST_SEED = 933588178;
/** 2¹⁸ bytes of text a stretch. */
const STRETCH_BITS = 18;
const STRETCHES = TEXT_POOL_SIZE >> STRETCH_BITS;
/** One entry of a stretch's index for 2⁷ bytes of text. */
const ENTRY_BITS = 7;

const lengths = TOKENS.lengths;

/** Where each stretch starts: the position and the random number before its first sentence. One more as end. */
type Checkpoints = { readonly positions: Int32Array; readonly seeds: Int32Array };

function decodeCheckpoints(): Checkpoints {
  const packed = atob(TEXT_CHECKPOINTS);
  const positions = new Int32Array(STRETCHES + 1);
  const seeds = new Int32Array(STRETCHES + 1);
  seeds[0] = FIRST_SEED;
  for (let i = 0; i < STRETCHES; i++) {
    const draws = packed.charCodeAt(3 * i) | (packed.charCodeAt(3 * i + 1) << 8);
    seeds[i + 1] = multiplyModulo(seeds[i]!, jumpFactor(draws));
    positions[i + 1] = ((i + 1) << STRETCH_BITS) + packed.charCodeAt(3 * i + 2);
  }
  return { positions, seeds };
}

/** The sentences that start within 2¹⁸ bytes of the text, as tokens. */
type Stretch = {
  readonly tokens: Uint8Array;
  /** For every 128th byte: the number of the token it belongs to, times 256, plus its offset in that token. */
  readonly index: Uint32Array;
};

/**
 * The text of which every comment is a piece. The reference generates 300 MiB of sentences one after the other before
 * anything else. Here it is held as tokens of one byte (43 MB in all, and 10 MB for the index), in stretches that
 * are made when a comment first lies in one: the state of the random numbers at their starts is known.
 * Positions in this file count the space before the first word, which the reference's text doesn't have.
 */
export class TextPool {
  readonly #stretches: (Stretch | undefined)[] = Array(STRETCHES);
  readonly #checkpoints: Checkpoints = decodeCheckpoints();
  /** Tokens being written: a token has at least one byte, and the last sentence may pass the stretch's end. */
  readonly #scratch = new Uint8Array((1 << STRETCH_BITS) + MAX_SENTENCE_TOKENS);

  /**
   * Copies `length` bytes of the text from `offset` on to `target[at …]`. ASCII. Up to `COPY_SLACK` and a word's length
   * of bytes behind the copy are overwritten with anything.
   */
  copy(offset: number, length: number, target: DataView, at: number): void {
    const position = offset + 1;
    const starts = this.#checkpoints.positions;
    let number = position >>> STRETCH_BITS;
    if (position < starts[number]!) number--;
    let stretch = this.#stretches[number] ?? this.#generate(number);
    const inStretch = position - starts[number]!;
    const entry = stretch.index[inStretch >>> ENTRY_BITS]!;
    let token = entry >>> 8;
    let skip = (entry & 255) + (inStretch & ((1 << ENTRY_BITS) - 1));
    let word = stretch.tokens[token]!;
    while (skip >= lengths[word]!) {
      skip -= lengths[word]!;
      word = stretch.tokens[++token]!;
    }
    const end = at + length;
    let to = TOKENS.copy(word, skip, target, at);
    while (to < end) {
      if (++token === stretch.tokens.length) {
        stretch = this.#stretches[++number] ?? this.#generate(number);
        token = 0;
      }
      to = TOKENS.copy(stretch.tokens[token]!, 0, target, to);
    }
  }

  /** @throws RayexecError 'internal' if the stretch does not end where the next checkpoint stands. */
  #generate(number: number): Stretch {
    const { positions, seeds } = this.#checkpoints;
    const scratch = this.#scratch;
    const length = positions[number + 1]! - positions[number]!;
    const writer = new SentenceWriter(seeds[number]!, scratch);
    const index = new Uint32Array((length >>> ENTRY_BITS) + 1);
    let token = 0;
    let position = 0;
    let entries = 0;
    while (position < length) {
      writer.writeSentence();
      for (; token < writer.count; token++) {
        const next = position + lengths[scratch[token]!]!;
        if (next > entries << ENTRY_BITS) {
          index[entries] = (token << 8) | ((entries << ENTRY_BITS) - position);
          entries++;
        }
        position = next;
      }
    }
    if (position !== length || writer.seed !== seeds[number + 1]) {
      throw new RayexecError('internal', `stretch ${number} of the text pool misses its checkpoint`);
    }
    const stretch = { tokens: scratch.slice(0, writer.count), index };
    this.#stretches[number] = stretch;
    return stretch;
  }
}

let shared: TextPool | undefined;

/** The pool that all generators of this thread share, made on first use. */
export function sharedTextPool(): TextPool {
  shared ??= new TextPool();
  return shared;
}
