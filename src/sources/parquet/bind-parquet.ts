import { RayexecError } from '../../common/errors.ts';
import type { BoundSource, ColumnRange, ColumnStatistics, Split } from '../../plan/logical-plan.ts';
import type { ByteSource, Platform } from '../../platform/platform.ts';
import type { BindTableContext, TableArguments } from '../../protocol/table-function.ts';
import { addConstantColumns, ROW_NUMBERS } from '../add-constant-columns.ts';
import { RememberedFiles } from '../remembered-files.ts';
import { type ParquetFile, toJson } from './bound-parquet.ts';
import { type ColumnLayout, fileColumns } from './column-layout.ts';
import { estimateDistinct } from './estimate-distinct.ts';
import type { FileMetadata } from './file-metadata.ts';
import { mergeRanges } from './merge-ranges.ts';
import { type ParquetArguments, parquetArguments } from './parquet-arguments.ts';
import { readFooter } from './read-footer.ts';
import { partRows, partsOfSplit, rowGroupSplit } from './row-group-splits.ts';
import { type FileSchema, uniteSchemas } from './unite-schemas.ts';

/** Footers read at the same time. */
const PARALLEL = 8;
/** Sources with more splits than this take too much memory to be kept. */
const MAX_KEPT_SPLITS = 4096;

const remembered = new RememberedFiles<BoundSource>();

/** Reads the footers of the files that the arguments name, and describes their rows as a source. */
export async function bindParquet(args: TableArguments, { platform }: BindTableContext): Promise<BoundSource> {
  const wanted = await parquetArguments(args, platform);
  if (wanted.paths.length !== 1) return describe(wanted, await readFooters(wanted.paths, platform));
  const file = await platform.open(wanted.paths[0]!);
  try {
    const { version } = file;
    const key = JSON.stringify(wanted);
    const known = version === undefined ? undefined : remembered.get(platform, key, version);
    if (known !== undefined) return known;
    const source = describe(wanted, [await openedFile(file)]);
    if (version !== undefined && source.splits.length <= MAX_KEPT_SPLITS) {
      remembered.set(platform, key, version, source);
    }
    return source;
  } finally {
    file.close();
  }
}

function describe(wanted: ParquetArguments, opened: readonly OpenedFile[]): BoundSource {
  const { paths, unionByName } = wanted;
  const footers = opened.map(o => o.footer);
  const schemas = footers.map((footer, i) => fileSchema(footer, paths[i]!));
  const { fields, layouts, layoutOf } = uniteSchemas(schemas, unionByName);
  const { schema, hidden: named, constants } = addConstantColumns(fields, paths, wanted);
  const hidden = [...named, ROW_NUMBERS];
  const width = schema.length + hidden.length;
  const rowNumbers = width - 1;
  const padded = layouts.map(layout => Array.from({ length: width }, (_, c) => layout[c] ?? null));
  const files = paths.map((path, i): ParquetFile => ({ path, layout: layoutOf[i]!, constants: constants[i]! }));
  const groups = footers.map(({ rowGroups }, file) => {
    let before = 0;
    return rowGroups.flatMap((group, g) => {
      if (group.rows === 0) return [];
      const layout = padded[layoutOf[file]!]!;
      const split = rowGroupSplit(group, g, file, before, layout, constants[file]!, rowNumbers);
      before += group.rows;
      return [split];
    });
  });
  const splits = groups.flat();
  const rows = splits.reduce((sum, s) => sum + s.rows!, 0);
  const length = partRows(rows);
  return {
    fn: 'read_parquet',
    label: paths.length === 1 ? paths[0]! : `${paths[0]} and ${paths.length - 1} more`,
    schema,
    hidden,
    statistics: {
      rows,
      exactRows: true,
      columns: withDistinct(
        mergeRanges(splits, width),
        splits,
        footers,
        layoutOf.map(i => padded[i]!),
      ),
    },
    splits: groups.flatMap((list, file) => list.flatMap(s => partsOfSplit(s, length, opened[file]!.isRemote))),
    state: toJson({ files, layouts: padded, rowNumbers }),
  };
}

/** The columns' statistics with how many different values they have, where the files tell. */
function withDistinct(
  columns: Readonly<Record<number, ColumnRange>>,
  rowGroups: readonly Split[],
  footers: readonly FileMetadata[],
  layouts: readonly (readonly (ColumnLayout | null)[])[],
): Readonly<Record<number, ColumnStatistics>> {
  const result: Record<number, ColumnStatistics> = { ...columns };
  const first = layouts[0] ?? [];
  first.forEach((leaf, c) => {
    // Files of another layout may store the column in another way.
    if (leaf?.kind !== 'leaf' || layouts.some(l => l !== first)) return;
    const chunks = footers.flatMap(f => f.rowGroups.map(g => g.chunks[leaf.leaf]!));
    const ranges = rowGroups.map(g => g.ranges?.[c]);
    const distinct = estimateDistinct(leaf, chunks, ranges);
    if (distinct !== undefined) result[c] = { ...result[c], distinct };
  });
  return result;
}

type OpenedFile = { readonly footer: FileMetadata; readonly isRemote: boolean };

const openedFile = async (file: ByteSource): Promise<OpenedFile> => ({
  footer: await readFooter(file),
  isRemote: file.isRemote === true,
});

async function readFooters(paths: readonly string[], platform: Platform): Promise<readonly OpenedFile[]> {
  const footers: OpenedFile[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < paths.length) {
      const i = next++;
      const file = await platform.open(paths[i]!);
      try {
        footers[i] = await openedFile(file);
      } finally {
        file.close();
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(PARALLEL, paths.length) }, worker));
  return footers;
}

function fileSchema({ schema }: FileMetadata, path: string): FileSchema {
  try {
    return { path, columns: fileColumns(schema) };
  } catch (e) {
    if (e instanceof RayexecError) throw new RayexecError(e.code, e.summary, { hint: e.hint, where: path, cause: e });
    throw e;
  }
}
