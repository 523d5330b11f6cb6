import { nodePlatform } from '../../src/platform/node.ts';
import type { Platform } from '../../src/platform/platform.ts';

/** Local files that have the version that a test says they have; counts how often they are read. */
export class VersionedPlatform {
  version: string | undefined = 'first';
  reads = 0;
  readonly platform: Platform = {
    ...nodePlatform,
    open: async path => {
      const file = await nodePlatform.open(path);
      const read = (offset: number, target: Uint8Array) => {
        this.reads++;
        return file.read(offset, target);
      };
      return { ...file, version: this.version, read };
    },
  };
}
