import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect } from 'vitest';
import { RayexecError } from '../../src/common/errors.ts';
import type { Json } from '../../src/common/json.ts';
import { nodePlatform } from '../../src/platform/node.ts';
import type { TableFunction } from '../../src/protocol/table-function.ts';
import { openWriter } from '../../src/sources/write-file.ts';
import { BOOLEAN, type DataType, INT64, type Schema, UTF8 } from '../../src/types/data-type.ts';
import { formatRaw } from '../../src/types/format-raw.ts';
import type { RawValue } from '../../src/types/raw-value.ts';
import type { Scalar } from '../../src/types/scalar.ts';
import { typeName } from '../../src/types/type-name.ts';
import { testContext, vectorOf } from '../support/engine.ts';
import { type ReadOptions, type ReadResult, readRows } from './parquet/read-rows.ts';

export type OptionValue = string | boolean | number | readonly string[] | Readonly<Record<string, string>>;

/** An option's value as SQL hands it over. */
export function optionScalar(value: OptionValue): Scalar {
  if (typeof value === 'string') return { type: UTF8, value };
  if (typeof value === 'boolean') return { type: BOOLEAN, value };
  if (typeof value === 'number') return { type: INT64, value: String(value) };
  if (Array.isArray(value)) return { type: { kind: 'list', element: UTF8 }, value: value as string[] };
  const fields = Object.keys(value).map(name => ({ name, type: UTF8 }));
  return { type: { kind: 'struct', fields }, value: Object.values(value as Record<string, string>) };
}

/** A directory for the files of a test file. */
export class TestFiles {
  readonly directory = mkdtempSync(join(tmpdir(), 'rayexec-files-'));

  constructor() {
    afterAll(() => rmSync(this.directory, { recursive: true }));
  }

  path(name: string): string {
    return join(this.directory, name);
  }

  put(name: string, content: string | Uint8Array): string {
    writeFileSync(this.path(name), content);
    return this.path(name);
  }
}

/** Reads a file with the checked kernels, and checks that all memory is given back. */
export function read(
  table: TableFunction,
  path: string | readonly string[],
  options: Readonly<Record<string, OptionValue>> = {},
  more: ReadOptions = {},
): Promise<ReadResult> {
  const named = Object.fromEntries(Object.entries(options).map(([name, v]) => [name, optionScalar(v)]));
  return readRows(path, { batchRows: 64, ...more, table, named });
}

/** Columns as `name TYPE`, and rows as text. */
export function shown({ source, rows }: ReadResult): { columns: string[]; rows: (string | null)[][] } {
  const { schema } = source;
  return {
    columns: schema.map(f => `${f.name} ${typeName(f.type)}`),
    rows: rows.map(row => row.map((v, i) => (v === null ? null : formatRaw(schema[i]!.type, v)))),
  };
}

/** The error of reading, which is one for people. */
export async function errorOf(reading: Promise<unknown>): Promise<RayexecError> {
  const error = await reading.then(
    () => undefined,
    e => e as unknown,
  );
  expect(error).toBeInstanceOf(RayexecError);
  return error as RayexecError;
}

/** Writes columns of values to a file, in batches. */
export async function write(
  format: string,
  path: string,
  columns: Readonly<Record<string, readonly [type: DataType, values: readonly RawValue[]]>>,
  options: Readonly<Record<string, Json>> = {},
): Promise<number> {
  const ctx = testContext();
  const schema: Schema = Object.entries(columns).map(([name, [type]]) => ({ name, type, nullable: true }));
  const { writer } = await openWriter(format, { ...ctx, platform: nodePlatform }, path, schema, options);
  const count = Object.values(columns)[0]![1].length;
  for (let from = 0; from < count; from += 50) {
    const size = Math.min(50, count - from);
    const vectors = Object.values(columns).map(([type, values]) =>
      vectorOf(ctx, type, values.slice(from, from + size)),
    );
    await writer.write({ columns: vectors, count: size, selection: 0, selected: size, split: 0 });
    ctx.arena.reset();
  }
  return writer.finish();
}

/** Reads damaged copies of a file: all end in rows or in errors for people, and (as `read` checks) give all memory back. */
export async function readDamaged(
  table: TableFunction,
  files: TestFiles,
  name: string,
  content: Uint8Array,
  runs: number,
  random: () => number,
  options: Readonly<Record<string, OptionValue>> = {},
): Promise<{ readonly rows: number; readonly errors: number }> {
  const found = { rows: 0, errors: 0 };
  for (let run = 0; run < runs; run++) {
    const damaged = damage(content, random);
    const path = files.put(name, damaged);
    try {
      await read(table, path, options);
      found.rows++;
    } catch (e) {
      if (!(e instanceof RayexecError) || e.code === 'internal') throw e;
      found.errors++;
    }
  }
  return found;
}

/** A copy of a file with one to three changes: bytes replaced or moved, or its end missing. */
export function damage(content: Uint8Array, random: () => number): Uint8Array {
  const bytes = content.slice();
  const below = (n: number): number => Math.floor(random() * n);
  const edits = 1 + below(3);
  for (let i = 0; i < edits; i++) {
    const at = below(bytes.length);
    switch (below(4)) {
      case 0:
        bytes[at] = below(10) === 0 ? below(256) : below(128);
        break;
      case 1:
        bytes[at] = SPECIAL[below(SPECIAL.length)]!;
        break;
      case 2:
        return bytes.slice(0, at);
      default:
        bytes.copyWithin(at, at + below(40), at + below(80));
    }
  }
  return bytes;
}

const SPECIAL = [...'",\n\r;|\t{}[]:\\0-.e\'#'].map(c => c.charCodeAt(0)).concat(0, 255);

/** Numbers of [0, 1), the same in every run. */
export function repeatableRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
