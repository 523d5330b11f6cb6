import { defineConfig } from 'tsup';

/** The package's entries. */
export const library = {
  index: 'frontends/index.ts',
  engine: 'src/index.ts',
  sql: 'frontends/sql/index.ts',
  testing: 'frontends/testing/index.ts',
};

// The declarations of both formats: most of the time that a build takes.
export default defineConfig({
  entry: { ...library, browser: 'frontends/browser.ts' },
  format: ['esm', 'cjs'],
  dts: { only: true },
});
