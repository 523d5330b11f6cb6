import type { Batch } from '../batch/batch.ts';
import { readColumn } from '../batch/read.ts';
import { RayexecError } from '../common/errors.ts';
import { Arena } from '../memory/arena.ts';
import type { Owner } from '../memory/linear-memory.ts';
import type { Platform } from '../platform/platform.ts';
import type { Schema } from '../types/data-type.ts';
import { formatRaw } from '../types/format-raw.ts';
import { FileNames } from './file-names.ts';
import type { FileWriter, WriterMachine } from './file-writer.ts';
import { partitionPath } from './parquet/hive-partitions.ts';
import type { WriteLayout } from './write-layout.ts';

/** Opens one file of a format. */
export type OpenFile = (machine: WriterMachine, path: string, schema: Schema) => Promise<FileWriter>;

/** Files that are open at once; the one that waited longest for rows is completed when there would be more. */
const MOST_OPEN = 64;

type OpenPartition = { readonly writer: FileWriter; readonly path: string; readonly written: { bytes: number } };

/** Writes rows to the files of a directory, by the values of some columns or by the files' size. */
export class DirectoryWriter implements FileWriter {
  /** The files, in the order in which they were begun. */
  readonly files: string[] = [];
  readonly #machine: WriterMachine;
  readonly #schema: Schema;
  readonly #layout: WriteLayout;
  readonly #openFile: OpenFile;
  readonly #names: FileNames;
  readonly #owner: Owner;
  readonly #arena: Arena;
  /** Indexes of the columns that the files have. */
  readonly #kept: readonly number[];
  /** By directory; the one that got rows last comes last. */
  readonly #open = new Map<string, OpenPartition>();
  #rows = 0;

  private constructor(
    machine: WriterMachine,
    schema: Schema,
    layout: WriteLayout,
    openFile: OpenFile,
    names: FileNames,
  ) {
    this.#machine = machine;
    this.#schema = schema;
    this.#layout = layout;
    this.#openFile = openFile;
    this.#names = names;
    this.#owner = machine.memory.newOwner();
    this.#arena = new Arena(machine.memory, this.#owner);
    const isKept = (_: unknown, i: number): boolean => layout.keepsPartitionColumns || !layout.partitionBy.includes(i);
    this.#kept = schema.map((_, i) => i).filter(isKept);
  }

  /**
   * Prepares the directory, which is made when it is not there (its parent is).
   * @throws RayexecError `io`, also when there are files that must not be changed
   */
  static async create(
    machine: WriterMachine,
    directory: string,
    schema: Schema,
    layout: WriteLayout,
    openFile: OpenFile,
  ): Promise<DirectoryWriter> {
    const { platform } = machine;
    const base = directory.replace(/(?<=.)[/\\]+$/, '');
    const existing = await platform.filesIn(base);
    if (existing.length > 0 && layout.existing === 'refuse') {
      throw new RayexecError('io', `Cannot write to "${base}" - it exists and is not empty!`, {
        hint: 'the options OVERWRITE, OVERWRITE_OR_IGNORE and APPEND say what becomes of its files',
      });
    }
    if (layout.existing === 'remove') for (const file of existing) await platform.remove(file);
    await platform.makeDirectory(base);
    const names = new FileNames(platform, base, layout, layout.existing === 'keep' ? existing : []);
    return new DirectoryWriter(machine, schema, layout, openFile, names);
  }

  async write(batch: Batch): Promise<void> {
    this.#arena.reset();
    for (const [directory, rows] of this.#partitions(batch)) {
      const columns = this.#kept.map(i => rows.columns[i]!);
      const { writer, written } = await this.#partition(directory);
      await writer.write({ ...rows, columns });
      const { fileBytes } = this.#layout;
      if (fileBytes !== undefined && written.bytes >= fileBytes) await this.#complete(directory);
    }
    this.#rows += batch.selected;
  }

  async finish(): Promise<number> {
    // A directory without partitions has a file even when there are no rows.
    if (this.files.length === 0 && this.#layout.partitionBy.length === 0) await this.#partition('');
    for (const directory of [...this.#open.keys()]) await this.#complete(directory);
    this.#machine.memory.freeOwner(this.#owner);
    return this.#rows;
  }

  async abort(): Promise<void> {
    const open = [...this.#open.values()];
    for (const { writer } of open) await writer.abort();
    const unfinished = new Set(open.map(o => o.path));
    for (const file of this.files) if (!unfinished.has(file)) await this.#machine.platform.remove(file);
    this.#machine.memory.freeOwner(this.#owner);
  }

  /** The batch's rows by the directory they go to, '' for the base. */
  #partitions(batch: Batch): ReadonlyMap<string, Batch> {
    const { partitionBy } = this.#layout;
    if (partitionBy.length === 0) return new Map([['', batch]]);
    const { memory } = this.#machine;
    const texts = partitionBy.map(i => {
      const { name, type } = this.#schema[i]!;
      return readColumn(memory, batch.columns[i]!, batch).map(v =>
        partitionPath(name, v === null ? null : formatRaw(type, v)),
      );
    });
    const found = new Map<string, number[]>();
    const { u16 } = memory;
    for (let r = 0; r < batch.selected; r++) {
      const directory = texts.map(t => t[r]!).join('/');
      const position = batch.selection === 0 ? r : u16[(batch.selection >>> 1) + r]!;
      const rows = found.get(directory);
      if (rows === undefined) found.set(directory, [position]);
      else rows.push(position);
    }
    return new Map([...found].map(([directory, rows]) => [directory, this.#selected(batch, rows)]));
  }

  #selected(batch: Batch, rows: readonly number[]): Batch {
    const selection = this.#arena.alloc(rows.length * 2);
    this.#machine.memory.u16.set(rows, selection >>> 1);
    return { ...batch, selection, selected: rows.length };
  }

  /** The file that rows of a directory go to now. */
  async #partition(directory: string): Promise<OpenPartition> {
    const known = this.#open.get(directory);
    if (known !== undefined) {
      this.#open.delete(directory);
      this.#open.set(directory, known);
      return known;
    }
    const [oldest] = this.#open.keys();
    if (this.#open.size >= MOST_OPEN) await this.#complete(oldest!);
    const path = await this.#names.next(directory);
    const written = { bytes: 0 };
    const machine = { ...this.#machine, platform: counting(this.#machine.platform, written) };
    const schema = this.#kept.map(i => this.#schema[i]!);
    const opened = { writer: await this.#openFile(machine, path, schema), path, written };
    this.#open.set(directory, opened);
    this.files.push(path);
    return opened;
  }

  async #complete(directory: string): Promise<void> {
    const { writer } = this.#open.get(directory)!;
    this.#open.delete(directory);
    await writer.finish();
  }
}

/** A platform that counts the bytes of the files it creates. */
function counting(platform: Platform, written: { bytes: number }): Platform {
  return {
    ...platform,
    create: async path => {
      const sink = await platform.create(path);
      return {
        ...sink,
        write: data => {
          written.bytes += data.length;
          return sink.write(data);
        },
      };
    },
  };
}
