import type { PageHeader } from './page-header.ts';
import { damaged, type ReadEnvironment } from './read-environment.ts';

const RLE = 3;

/** A range of linear memory. */
export type Range = { readonly from: number; readonly end: number };

/** Finds the levels in front of a page's values: call for repetition levels first, then for definition levels. */
export class PageLevels {
  readonly values: number;
  /** What follows the levels taken so far. */
  at: number;
  readonly #env: ReadEnvironment;
  readonly #header: PageHeader;
  readonly #end: number;
  readonly #where: string;

  constructor(env: ReadEnvironment, header: PageHeader, from: number, end: number, where: string) {
    this.#env = env;
    this.#header = header;
    this.values = header.values;
    this.at = from;
    this.#end = end;
    this.#where = where;
  }

  repetition(): Range {
    return this.#take(this.#header.repBytes);
  }

  definition(): Range {
    return this.#take(this.#header.defBytes);
  }

  #take(version2Bytes: number): Range {
    let length = version2Bytes;
    if (!this.#header.isVersion2) {
      if (this.#header.levelEncoding !== RLE)
        throw damaged(this.#where, `levels with encoding ${this.#header.levelEncoding}`);
      if (this.#end - this.at < 4) throw damaged(this.#where, 'a page ends within its levels');
      const { u8 } = this.#env.memory;
      length = u8[this.at]! + u8[this.at + 1]! * 256 + u8[this.at + 2]! * 65536 + u8[this.at + 3]! * 2 ** 24;
      this.at += 4;
    }
    if (length > this.#end - this.at) throw damaged(this.#where, 'a page ends within its levels');
    const from = this.at;
    this.at += length;
    return { from, end: this.at };
  }
}
