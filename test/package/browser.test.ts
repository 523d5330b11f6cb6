import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const folder = join(root, 'dist');
const entries = ['browser.js', 'browser-worker.js'];

/** Fails for what a page does not have: modules of Node. */
const bundle = (entry: string, external: string[]) =>
  build({
    entryPoints: [entry],
    external,
    bundle: true,
    platform: 'browser',
    format: 'esm',
    splitting: true,
    outdir: 'out',
    write: false,
    metafile: true,
    logLevel: 'silent',
  });

describe('the bundle for pages (needs the built dist)', () => {
  it('is what the export condition "browser" leads to', () => {
    const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    expect(Object.keys(exports['.'])[0]).toBe('browser');
    for (const file of Object.values<string>(exports['.'].browser)) expect(existsSync(join(root, file))).toBe(true);
  });

  it.each(entries)('%s imports nothing of Node', async entry => {
    const { metafile } = await bundle(join(folder, entry), ['apache-arrow', 'parquet-wasm', 'ts-pattern']);
    const names = Object.values(metafile.inputs).flatMap(i => i.imports.filter(m => m.external).map(m => m.path));
    expect([...new Set(names)].filter(n => !['apache-arrow', 'parquet-wasm', 'ts-pattern'].includes(n))).toEqual([]);
  });

  it('can be bundled with its dependencies for a page', { timeout: 60_000 }, async () => {
    const { errors, outputFiles } = await bundle(join(folder, 'browser.js'), []);
    expect(errors).toEqual([]);
    expect(outputFiles.length).toBeGreaterThan(1);
  });

  it('loads at most 150 kB (gzip) before the first query', async () => {
    const contents = `export { connect } from '${join(folder, 'browser.js')}'`;
    const { outputFiles, metafile } = await build({
      stdin: { contents, resolveDir: root },
      bundle: true,
      minify: true,
      platform: 'browser',
      format: 'esm',
      splitting: true,
      outdir: 'out',
      write: false,
      metafile: true,
    });
    const first = new Set<string>();
    const load = (path: string): void => {
      if (first.has(path)) return;
      first.add(path);
      for (const i of metafile.outputs[path]!.imports) if (i.kind === 'import-statement') load(i.path);
    };
    load('out/stdin.js');
    const loaded = outputFiles.filter(f => [...first].some(path => f.path.endsWith(path)));
    expect(loaded.length).toBe(first.size);
    expect(loaded.reduce((sum, f) => sum + gzipSync(f.contents).length, 0)).toBeLessThan(150_000);
  });

  describe('used without Node', () => {
    type Library = typeof import('../../frontends/browser.ts');
    let connect: Library['connect'];
    beforeAll(async () => {
      ({ connect } = (await import(pathToFileURL(join(folder, 'browser.js')).href)) as Library);
    }, 60_000);

    it('reads the files of the page by name', async () => {
      const csv = new Blob(['id,name\n1,a\n2,b\n3,c\n']);
      const gz = await new Response(csv.stream().pipeThrough(new CompressionStream('gzip'))).blob();
      const parquet = new Blob([readFileSync(join(root, 'test/sources/parquet/files/plain-v1-gzip.parquet'))]);
      const files = new Map([
        ['a.csv', csv],
        ['a.csv.gz', gz],
        ['part-1.csv', csv],
        ['types.parquet', parquet],
      ]);
      const db = connect({ threads: 0, files });
      expect(await db.sql(`SELECT id, name FROM 'a.csv' WHERE id > 1`).collect()).toEqual([
        { id: 2, name: 'b' },
        { id: 3, name: 'c' },
      ]);
      expect(await db.csv('a.csv.gz').count()).toBe(3);
      expect(await db.sql(`SELECT count(*) AS n FROM 'part-*.csv'`).one()).toEqual({ n: 3 });
      expect(await db.parquet('types.parquet').count()).toBe(150);
      await expect(db.execute(`COPY (SELECT 1) TO 'x.csv'`)).rejects.toThrow(`a page can't write`);
      await db.close();
    });
  });
});
