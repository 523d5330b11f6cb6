import { defineConfig, type Options } from 'tsup';
import { library } from './tsup.types.config.ts';

const shared: Options = {
  platform: 'node',
  target: 'es2022',
  splitting: true,
  // Names stay: stack traces are for people.
  esbuildOptions: options => {
    options.minifyWhitespace = true;
    options.lineLimit = 160;
  },
};

// Run by `npm run build:code`, which empties dist/ first: these two write there at the same time.
export default defineConfig([
  // The command and the worker are modules in both worlds: a CommonJS program starts the same worker.js.
  {
    ...shared,
    entry: {
      ...library,
      cli: 'frontends/cli/main.ts',
      worker: 'src/distribute/threads/worker.ts',
      // For pages, by the export condition "browser": these share all but the platform with the ones above.
      browser: 'frontends/browser.ts',
      'browser-worker': 'src/distribute/threads/browser-worker.ts',
    },
    format: 'esm',
  },
  { ...shared, entry: library, format: 'cjs', shims: true },
  // What a cluster runs is one file, which is sent there.
  {
    ...shared,
    entry: { 'ray-worker': 'src/distribute/ray/worker.ts' },
    format: 'esm',
    splitting: false,
    outExtension: () => ({ js: '.mjs' }),
    noExternal: [/^(?!node:|parquet-wasm)/],
    external: ['parquet-wasm'],
  },
]);
