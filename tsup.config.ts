import { defineConfig, type Options } from 'tsup';

const library = { index: 'frontends/index.ts', engine: 'src/index.ts', sql: 'frontends/sql/index.ts' };
const shared: Options = { platform: 'node', target: 'es2022', splitting: true, treeshake: true };

// `npm run build` empties dist/ first: these run at the same time and must not delete each other's files.
export default defineConfig([
  // The command and the worker are modules in both worlds: a CommonJS program starts the same worker.js.
  {
    ...shared,
    entry: { ...library, cli: 'frontends/cli/main.ts', worker: 'src/distribute/threads/worker.ts' },
    format: 'esm',
  },
  { ...shared, entry: library, format: 'cjs', shims: true },
  { entry: library, format: ['esm', 'cjs'], dts: { only: true } },
]);
