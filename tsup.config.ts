import { defineConfig } from 'tsup';

export default defineConfig({
  entry: {
    index: 'frontends/index.ts',
    engine: 'src/index.ts',
    sql: 'frontends/sql/index.ts',
    cli: 'frontends/cli/main.ts',
    worker: 'src/distribute/threads/worker.ts',
  },
  format: ['esm', 'cjs'],
  dts: { entry: { index: 'frontends/index.ts', engine: 'src/index.ts', sql: 'frontends/sql/index.ts' } },
  platform: 'node',
  target: 'es2022',
  splitting: true,
  clean: true,
  treeshake: true,
  shims: true,
  // hyparquet is ESM only: the CommonJS build carries it.
  noExternal: ['hyparquet', 'ts-pattern'],
});
