import type { BoundSource } from '../../plan/logical-plan.ts';
import type { Platform } from '../../platform/platform.ts';

type Remembered = { readonly version: string; readonly source: BoundSource };

const MAX_SOURCES = 64;
/** Sources with more splits than this take too much memory to be kept. */
const MAX_SPLITS = 4096;

const byPlatform = new WeakMap<Platform, Map<string, Remembered>>();

/**
 * The source that was made of a file's footer before, if the file is still the same (see `ByteSource.version`): a
 * query over a file that was read before need not parse its metadata again.
 */
export function rememberedSource(platform: Platform, key: string, version: string): BoundSource | undefined {
  const found = byPlatform.get(platform)?.get(key);
  return found?.version === version ? found.source : undefined;
}

/** Keeps a source for queries to come, in place of the one kept longest when there are many. */
export function rememberSource(platform: Platform, key: string, version: string, source: BoundSource): void {
  if (source.splits.length > MAX_SPLITS) return;
  let sources = byPlatform.get(platform);
  if (sources === undefined) {
    sources = new Map();
    byPlatform.set(platform, sources);
  }
  sources.delete(key);
  sources.set(key, { version, source });
  if (sources.size > MAX_SOURCES) sources.delete(sources.keys().next().value!);
}
