import type { TableVersion } from '../../src/storage/table-version.ts';

/** Versions that a statement makes on its way, to be released when it ends. */
export class Versions {
  readonly #made: TableVersion[] = [];

  add(version: TableVersion): TableVersion {
    this.#made.push(version);
    return version;
  }

  release(): void {
    for (const version of this.#made.splice(0)) version.release();
  }
}
