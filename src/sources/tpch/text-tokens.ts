import { AsciiWords } from './ascii-words.ts';
import { drawBelow, nextSeed } from './random-stream.ts';
import {
  ADJECTIVES,
  ADVERBS,
  AUXILIARIES,
  NOUN_PHRASES,
  NOUNS,
  PREPOSITIONS,
  SENTENCES,
  TERMINATORS,
  VERB_PHRASES,
  VERBS,
  type WeightedWords,
} from './vocabulary.ts';

/**
 * The pseudo text of the specification as tokens of one byte: the whole vocabulary, with the spaces and commas that
 * surround a word, has fewer than 256 entries. A word carries the space before it, so that a sentence's terminator
 * follows the last word directly; the very first word of all text therefore has one space too many.
 */
const texts: string[] = [];

/** Tokens for `words`, as a table from a random number below the sum of the weights to a token. */
function tokenTable(words: WeightedWords, before: string, after: string): Uint8Array {
  const table: number[] = [];
  for (const [weight, run] of words) {
    for (const word of run.split('|')) {
      for (let i = 0; i < weight; i++) table.push(texts.length);
      texts.push(before + word + after);
    }
  }
  return Uint8Array.from(table);
}

const nouns = tokenTable(NOUNS, ' ', '');
const verbs = tokenTable(VERBS, ' ', '');
const adverbs = tokenTable(ADVERBS, ' ', '');
const adjectives = tokenTable(ADJECTIVES, ' ', '');
const adjectivesWithComma = tokenTable(ADJECTIVES, ' ', ',');
const prepositions = tokenTable(PREPOSITIONS, ' ', ' the');
const auxiliaries = tokenTable(AUXILIARIES, ' ', '');
const terminators = tokenTable(TERMINATORS, '', '');

/** The texts of the tokens. */
export const TOKENS = new AsciiWords(texts);

/** A table from a random number to a phrase: an index into the list of all phrases in their order. */
function phraseTable(phrases: WeightedWords): Uint8Array {
  let phrase = 0;
  return Uint8Array.from(
    phrases.flatMap(([weight, run]) => run.split('|').flatMap(() => Array<number>(weight).fill(phrase++))),
  );
}

const sentences = phraseTable(SENTENCES);
const nounPhrases = phraseTable(NOUN_PHRASES);
const verbPhrases = phraseTable(VERB_PHRASES);

/** The most tokens that a sentence can have. */
export const MAX_SENTENCE_TOKENS = 15;

/** Writes sentences as tokens, continuing the random sequence from `seed`. */
export class SentenceWriter {
  /** The number before the next one to be drawn. */
  seed: number;
  /** How many tokens are written. */
  count = 0;
  readonly tokens: Uint8Array;

  /** Writes to the start of `tokens`, which belongs to the caller and must have room for what is to be written. */
  constructor(seed: number, tokens: Uint8Array) {
    this.seed = seed;
    this.tokens = tokens;
  }

  /** Writes one sentence of at most `MAX_SENTENCE_TOKENS` tokens. The cases are the lines of `SENTENCES`. */
  writeSentence(): void {
    const syntax = sentences[this.#draw(sentences.length)]!;
    this.#writeNounPhrase();
    if (syntax >= 3) this.#writePrepositionalPhrase();
    this.#writeVerbPhrase();
    if (syntax === 2 || syntax === 3) this.#writeNounPhrase();
    else if (syntax !== 0) this.#writePrepositionalPhrase();
    this.#writeWord(terminators);
  }

  #writePrepositionalPhrase(): void {
    this.#writeWord(prepositions);
    this.#writeNounPhrase();
  }

  /** The cases are the lines of `NOUN_PHRASES`. */
  #writeNounPhrase(): void {
    const syntax = nounPhrases[this.#draw(nounPhrases.length)]!;
    if (syntax === 3) this.#writeWord(adverbs);
    if (syntax === 2) this.#writeWord(adjectivesWithComma);
    if (syntax !== 0) this.#writeWord(adjectives);
    this.#writeWord(nouns);
  }

  /** The cases are the lines of `VERB_PHRASES`. */
  #writeVerbPhrase(): void {
    const syntax = verbPhrases[this.#draw(verbPhrases.length)]!;
    if (syntax === 1 || syntax === 3) this.#writeWord(auxiliaries);
    this.#writeWord(verbs);
    if (syntax >= 2) this.#writeWord(adverbs);
  }

  #writeWord(table: Uint8Array): void {
    this.tokens[this.count++] = table[this.#draw(table.length)]!;
  }

  #draw(range: number): number {
    this.seed = nextSeed(this.seed);
    return drawBelow(this.seed, range);
  }
}
