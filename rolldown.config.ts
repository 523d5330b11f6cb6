import type { CodeSplittingNameFunction } from 'rolldown';
import { defineConfig, type Plugin, type RolldownOptions } from 'rolldown';
import { ENTRIES } from './tsup.types.config.ts';

/**
 * Few files: each costs a program's start about a third of a millisecond. `core` is what connect() needs, `engine` what
 * the first query needs beyond that; what most queries don't need is imported dynamically and has files of its own;
 * what several of them share is in the one that stands first here.
 */
const CHUNKS: readonly (readonly [name: string, root: RegExp])[] = [
  ['core', /(frontends\/(library|session\/(check-)?connect-options)|platform\/(http-source|glob-pattern))\.ts$/],
  ['connect', /frontends\/session\/connect\.ts$/],
  ['engine', /(frontends\/session\/engine|plan\/explain-frame)\.ts$/],
  ['steps', /optimize\/steps\.ts$/],
  ['gathering-code', /operators\/gathering-code\.ts$/],
  ['rare-code', /operators\/rare-code\.ts$/],
  ['run-statement', /frontends\/session\/run-statement\.ts$/],
  ['explain', /frontends\/session\/explain\.ts$/],
  ['separate-code', /frontends\/session\/separate-code\.ts$/],
];

/** Knows which chunk each module belongs to: the first whose root imports it, over however many modules. */
function chunkGraph(all: typeof CHUNKS): { readonly plugin: Plugin; readonly chunkOf: CodeSplittingNameFunction } {
  const chunks = new Map<string, string>();
  const plugin: Plugin = {
    name: 'chunk-graph',
    buildEnd() {
      const ids = [...this.getModuleIds()];
      for (const [name, root] of all) {
        const pending = ids.filter(id => root.test(id));
        for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
          if (chunks.has(id)) continue;
          chunks.set(id, name);
          pending.push(...(this.getModuleInfo(id)?.importedIds ?? []));
        }
      }
    },
  };
  return { plugin, chunkOf: id => chunks.get(id) ?? null };
}

/**
 * The kernels' text is a file of its own in modules, `kernels.js`. In CommonJS `kernels.cjs` (`src/platform/node-kernels.cjs`)
 * stands in its place, which reads `kernels.wasm` beside it: the text needn't be in the package twice.
 */
const KERNELS = /\/generated\/kernels\.ts$/;
const requiredKernels: Plugin = {
  name: 'required-kernels',
  resolveId: { filter: { id: KERNELS }, handler: () => ({ id: './kernels.cjs', external: true }) },
  // Required: where modules can't be imported, as in Jest, files still can be required.
  renderChunk: code =>
    code.replace(/\bimport\([`'"]\.\/kernels\.cjs[`'"]\)/, "Promise.resolve(require('./kernels.cjs'))"),
};

/** What is imported dynamically lies in a chunk of several modules: it is imported from there, without a file in between that names it. */
const directImports: Plugin = {
  name: 'direct-imports',
  generateBundle(_options, bundle) {
    const chunks = Object.values(bundle).filter(file => file.type === 'chunk');
    for (const facade of chunks) {
      const [, names, from] = /^export\{([^}]*)\}from"([^"]*)";?\s*$/.exec(facade.code) ?? [];
      if (!facade.isDynamicEntry || facade.isEntry || names === undefined) continue;
      const exported = names.split(',').map(name => name.split(' as '));
      const namespace = exported.map(([inner, outer = inner]) => `${outer}:e.${inner}`).join();
      for (const chunk of chunks)
        chunk.code = chunk.code.replaceAll(
          `import(\`./${facade.fileName}\`)`,
          `import(\`${from}\`).then(e=>({${namespace}}))`,
        );
      delete bundle[facade.fileName];
    }
  },
};

/** Text of one byte a character is half as long in memory, and a program starts one or two milliseconds sooner. */
const oneByteText: Plugin = {
  name: 'one-byte-text',
  generateBundle(_options, bundle) {
    for (const file of Object.values(bundle)) {
      if (file.type !== 'chunk') continue;
      file.code = file.code.replace(/[\u0080-\uffff]/g, c => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
    }
  },
};

const EXTERNAL = ['parquet-wasm', /^node:/];
const COMMON = { platform: 'node', transform: { target: 'es2022' } } as const;
/** Names of functions and classes stay: stack traces are for people. */
const MINIFY = {
  mangle: { toplevel: true, keepNames: { function: true, class: true } },
  compress: { target: 'es2022', keepNames: { function: true, class: true } },
  codegen: { removeWhitespace: true },
} as const;

function build(format: 'esm' | 'cjs', input: Record<string, string>): RolldownOptions {
  const extension = format === 'esm' ? 'js' : 'cjs';
  // In CommonJS the engine has all: the package is smaller.
  const { plugin, chunkOf } = chunkGraph(
    format === 'esm' ? CHUNKS : CHUNKS.map(([name, root]) => [name === 'core' ? name : 'engine', root]),
  );
  return {
    ...COMMON,
    input,
    preserveEntrySignatures: format === 'esm' ? 'allow-extension' : 'strict',
    external: ['apache-arrow', 'ts-pattern', ...EXTERNAL],
    plugins: format === 'cjs' ? [requiredKernels, plugin, oneByteText] : [plugin, directImports, oneByteText],
    output: {
      dir: 'dist',
      format,
      exports: 'named',
      // The shim knows it by this name.
      entryFileNames: ({ name }) => (name === 'ray-worker' ? '[name].mjs' : `[name].${extension}`),
      chunkFileNames: ({ name }) => (name === 'kernels' ? 'kernels.js' : `[name]-[hash].${extension}`),
      minify: MINIFY,
      codeSplitting: {
        // The graph's own are all there is: else a chunk takes what its modules import from others.
        includeDependenciesRecursively: format === 'cjs',
        groups: [{ name: chunkOf, debugName: 'core and engine' }],
      },
    },
  };
}

/** Packages that a cluster's worker imports, each as one file: `bundle.ts` sends them along. */
const clusterPackages: RolldownOptions = {
  ...COMMON,
  input: { 'apache-arrow': 'apache-arrow', 'ts-pattern': 'ts-pattern' },
  external: EXTERNAL,
  output: { dir: 'dist/ray-packages', format: 'esm', entryFileNames: '[name].mjs', minify: MINIFY },
};

// Run by `npm run build:code`, which empties dist/ first: these write there.
export default defineConfig([
  // The command and the worker are modules in both worlds: a CommonJS program starts the same worker.js.
  build('esm', {
    ...ENTRIES,
    cli: 'frontends/cli/main.ts',
    worker: 'src/distribute/threads/worker.ts',
    // For pages, by the export condition "browser": these share all but the platform with the ones above.
    browser: 'frontends/browser.ts',
    'browser-worker': 'src/distribute/threads/browser-worker.ts',
    'ray-worker': 'src/distribute/ray/worker.ts',
  }),
  build('cjs', ENTRIES),
  clusterPackages,
]);
