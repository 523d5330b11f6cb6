import type { PageHeader } from './page-header.ts';
import { damaged, type ReadEnvironment } from './read-environment.ts';

const RLE = 3;

/** A range of linear memory. */
export type Range = { readonly from: number; readonly end: number };

/** Finds the levels in front of a page's values: call for repetition levels first, then for definition levels. */
export class PageLevels {
  readonly values: number;
  /** Where the values begin, once the levels that there are were taken. */
  at: number;
  readonly #env: ReadEnvironment;
  readonly #header: PageHeader;
  readonly #end: number;
  readonly #where: string;
  readonly #from: number;

  constructor(env: ReadEnvironment, header: PageHeader, from: number, end: number, where: string) {
    this.#env = env;
    this.#header = header;
    this.values = header.values;
    this.#from = from;
    // Version 2 says how long the levels are, also those of columns that need none: some writers store them.
    this.at = header.isVersion2 ? from + header.repBytes + header.defBytes : from;
    this.#end = end;
    this.#where = where;
  }

  repetition(): Range {
    return this.#header.isVersion2 ? this.#between(0, this.#header.repBytes) : this.#take();
  }

  definition(): Range {
    const { isVersion2, repBytes, defBytes } = this.#header;
    return isVersion2 ? this.#between(repBytes, repBytes + defBytes) : this.#take();
  }

  /** The header was checked: the page is not shorter than its levels. */
  #between(from: number, end: number): Range {
    return { from: this.#from + from, end: this.#from + end };
  }

  #take(): Range {
    if (this.#header.levelEncoding !== RLE)
      throw damaged(this.#where, `levels with encoding ${this.#header.levelEncoding}`);
    if (this.#end - this.at < 4) throw damaged(this.#where, 'a page ends within its levels');
    const { u8 } = this.#env.memory;
    const length = u8[this.at]! + u8[this.at + 1]! * 256 + u8[this.at + 2]! * 65536 + u8[this.at + 3]! * 2 ** 24;
    this.at += 4;
    if (length > this.#end - this.at) throw damaged(this.#where, 'a page ends within its levels');
    const from = this.at;
    this.at += length;
    return { from, end: this.at };
  }
}
