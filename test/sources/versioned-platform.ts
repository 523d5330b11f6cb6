import { nodePlatform } from '../../src/platform/node.ts';
import type { Platform } from '../../src/platform/platform.ts';

/** Files that have the version that a test says they have, local or as if they were remote; counts how often they are read. */
export class VersionedPlatform {
  isRemote = false;
  version: string | undefined = 'first';
  reads = 0;
  readonly platform: Platform = {
    ...nodePlatform,
    open: async path => {
      const file = await nodePlatform.open(path);
      const read = (offset: number, target: Uint8Array) => {
        this.reads++;
        void file.read(offset, target);
        return this.isRemote ? Promise.resolve() : undefined;
      };
      return { ...file, version: this.version, isRemote: this.isRemote, read };
    },
  };
}
