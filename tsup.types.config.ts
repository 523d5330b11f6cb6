import { defineConfig } from 'tsup';

/** The package's entries. */
export const ENTRIES = {
  index: 'frontends/index.ts',
  engine: 'src/index.ts',
  sql: 'frontends/sql/index.ts',
  ray: 'src/distribute/ray/index.ts',
  testing: 'frontends/testing/index.ts',
  'sql-types': 'frontends/session/sql-types/index.ts',
};

// The declarations of both formats: most of the time that a build takes.
export default defineConfig({
  entry: { ...ENTRIES, browser: 'frontends/browser.ts' },
  format: ['esm', 'cjs'],
  dts: { only: true },
});
