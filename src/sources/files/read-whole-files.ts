import { allRows, batchOf } from '../../batch/batch.ts';
import { buildVector } from '../../batch/builder.ts';
import { RayexecError } from '../../common/errors.ts';
import type { Split } from '../../plan/logical-plan.ts';
import type { OpenContext } from '../../protocol/context.ts';
import { EXHAUSTED, ready, type Step } from '../../protocol/step.ts';
import type { ScanRequest, SplitReader, TableFunction } from '../../protocol/table-function.ts';
import { type DataType, INT64, TIMESTAMPTZ, UTF8 } from '../../types/data-type.ts';
import type { RawValue } from '../../types/raw-value.ts';
import { FILE_NAME, ROW_NUMBERS } from '../add-constant-columns.ts';
import { pathsOf } from '../matching-paths.ts';

/** `read_text('notes/*.md')`, `read_blob('*.png')`: whole files, a row each. */
export const wholeFiles: readonly TableFunction[] = [
  whole('read_text', UTF8, 'texts in UTF-8'),
  whole('read_blob', { kind: 'binary' }, 'bytes'),
];

function whole(name: string, type: DataType, what: string): TableFunction {
  return {
    name,
    doc: {
      summary: `Files as ${what}, a row each, with their paths, sizes in bytes and times of change.`,
      args: ['path'],
      examples: [[`(SELECT count(*) FROM ${name}('nothing/*.here'))`, '0']],
      category: 'table',
    },
    bind: async ({ positional, named }, { platform }) => {
      const [path, ...rest] = positional;
      if (path === undefined || rest.length > 0 || Object.keys(named).length > 0)
        throw new RayexecError('bind', `${name} takes a path, or a list of them`, { hint: `${name}('data/*')` });
      const paths: string[] = [];
      for (const pattern of pathsOf(name, path)) {
        const found = await platform.glob(pattern);
        // Opening says why a plain path can't be read.
        if (found.length === 0 && !/[*?[]/.test(pattern)) (await platform.open(pattern)).close();
        paths.push(...found);
      }
      return {
        fn: name,
        label: paths.length === 1 ? paths[0]! : `${paths.length} files`,
        schema: [
          { name: 'filename', type: UTF8, nullable: false },
          { name: 'content', type, nullable: false },
          { name: 'size', type: INT64, nullable: false },
          { name: 'last_modified', type: TIMESTAMPTZ, nullable: true },
        ],
        hidden: [FILE_NAME, ROW_NUMBERS],
        statistics: { rows: paths.length, exactRows: true },
        splits: paths.map(path => ({ rows: 1, state: path })),
        state: null,
      };
    },
    open: (scan, ctx) => new WholeFileReader(scan, ctx),
  };
}

const CONTENT = 1;

class WholeFileReader implements SplitReader {
  readonly #scan: ScanRequest;
  readonly #ctx: OpenContext;
  #values: readonly RawValue[] | undefined;
  #waiting: Promise<void> | undefined;
  #failure: unknown;
  #split = 0;

  constructor(scan: ScanRequest, ctx: OpenContext) {
    this.#scan = scan;
    this.#ctx = ctx;
  }

  start(split: Split, index: number): void {
    this.#split = index;
    this.#waiting = this.#read(split.state as string)
      .catch(e => {
        this.#failure = e;
      })
      .finally(() => {
        this.#waiting = undefined;
      });
  }

  pull(): Step {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#waiting !== undefined) return { status: 'pending', wake: this.#waiting };
    const values = this.#values;
    if (values === undefined) return EXHAUSTED;
    this.#values = undefined;
    const columns = this.#scan.columns.map((c, i) => buildVector(this.#ctx, this.#scan.types[i]!, [values[c]!]));
    return ready(batchOf(this.#scan.select(columns, allRows(1)), columns, this.#split));
  }

  close(): void {}

  async #read(path: string): Promise<void> {
    const source = await this.#ctx.platform.open(path);
    try {
      const { size, modified } = source;
      const content = this.#scan.columns.includes(CONTENT) ? await this.#content(path, size, source.read) : null;
      this.#values = [path, content, BigInt(size), modified ?? null, path, 0n];
    } finally {
      source.close();
    }
  }

  async #content(
    path: string,
    size: number,
    read: (offset: number, target: Uint8Array) => void | Promise<void>,
  ): Promise<RawValue> {
    const bytes = new Uint8Array(size);
    await read(0, bytes);
    if (this.#scan.source.schema[CONTENT]!.type.kind !== 'utf8') return bytes;
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch (cause) {
      throw new RayexecError('format', `read_text: '${path}' is not a text in UTF-8`, { hint: 'read_blob', cause });
    }
  }
}
