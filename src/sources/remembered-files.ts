import type { Platform } from '../platform/platform.ts';

const MAX_FILES = 64;

/**
 * What was found out about files before, by a key that also says how they were looked at, as long as a file is the same
 * (see `ByteSource.version`): a query over a file that was read before need not look at its metadata or first rows again.
 */
export class RememberedFiles<T> {
  readonly #byPlatform = new WeakMap<Platform, Map<string, { readonly version: string; readonly found: T }>>();

  get(platform: Platform, key: string, version: string): T | undefined {
    const known = this.#byPlatform.get(platform)?.get(key);
    return known?.version === version ? known.found : undefined;
  }

  /** Keeps it for queries to come, in place of the one kept longest when there are many. */
  set(platform: Platform, key: string, version: string, found: T): void {
    let files = this.#byPlatform.get(platform);
    if (files === undefined) {
      files = new Map();
      this.#byPlatform.set(platform, files);
    }
    files.delete(key);
    files.set(key, { version, found });
    if (files.size > MAX_FILES) files.delete(files.keys().next().value!);
  }
}
