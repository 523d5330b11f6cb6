import type { Platform } from '../platform/platform.ts';
import type { WriteLayout } from './write-layout.ts';

/** Gives the files of a directory their names, and makes the directories that they lie in. */
export class FileNames {
  readonly #platform: Platform;
  readonly #base: string;
  readonly #layout: WriteLayout;
  readonly #taken: Set<string>;
  /** Directories that are there, and the numbers of their next files. */
  readonly #next = new Map<string, number>([['', 0]]);

  /** @param taken paths that are not to be used again */
  constructor(platform: Platform, base: string, layout: WriteLayout, taken: readonly string[]) {
    this.#platform = platform;
    this.#base = base;
    this.#layout = layout;
    this.#taken = new Set(taken);
  }

  /** The path of a new file in a directory below the base: `a=1/b=2`, or '' for the base itself. */
  async next(directory: string): Promise<string> {
    const place = this.#layout.isHive ? directory : '';
    await this.#make(place);
    const { pattern, extension } = this.#layout;
    for (;;) {
      const number = this.#next.get(place)!;
      this.#next.set(place, number + 1);
      const name = pattern
        .replaceAll('{i}', String(number))
        .replaceAll(/\{uuid(v4)?\}/g, () => globalThis.crypto.randomUUID());
      const path = [this.#base, ...(place === '' ? [] : [place]), name + extension].join('/');
      if (this.#taken.has(path)) continue;
      this.#taken.add(path);
      return path;
    }
  }

  async #make(directory: string): Promise<void> {
    if (this.#next.has(directory)) return;
    const end = directory.lastIndexOf('/');
    if (end >= 0) await this.#make(directory.slice(0, end));
    await this.#platform.makeDirectory(`${this.#base}/${directory}`);
    this.#next.set(directory, 0);
  }
}
