import { fromArrowSchema } from '../../batch/from-arrow.ts';
import { RayexecError } from '../../common/errors.ts';
import type { BoundSource, Split } from '../../plan/logical-plan.ts';
import type { BindTableContext, TableArguments } from '../../protocol/table-function.ts';
import { type Field, type Schema, sameType } from '../../types/data-type.ts';
import { typeName } from '../../types/type-name.ts';
import { addConstantColumns, constantRanges } from '../add-constant-columns.ts';
import { filenameOption } from '../file-options.ts';
import { matchingPaths } from '../matching-paths.ts';
import { NamedOptions } from '../named-options.ts';
import { usePlaceholders } from './arrow-codecs.ts';
import { type ArrowSplit, toJson } from './bound-arrow.ts';
import { guarded, openArrow, readArrowFile } from './open-arrow.ts';

const NAMES = { union_by_name: 'union_by_name', hive_partitioning: 'hive_partitioning', filename: 'filename' };

type FoundFile = { readonly path: string; readonly schema: Schema; readonly batches: readonly (number | null)[] };

/** Reads the schemas of the files that the arguments name, and describes their rows as a source. */
export async function bindArrow(args: TableArguments, { platform }: BindTableContext): Promise<BoundSource> {
  const o = new NamedOptions('read_arrow', args.named, NAMES);
  const isUnion = o.boolean('union_by_name') ?? false;
  const paths = await matchingPaths('read_arrow', args.positional, platform);
  const arrow = await import('apache-arrow');
  const files: FoundFile[] = [];
  for (const path of paths) {
    const bytes = await readArrowFile(path, platform);
    usePlaceholders(arrow);
    const reader = openArrow(arrow, bytes, path);
    const schema = guarded(path, () => uniqueNames(fromArrowSchema(arrow, reader.schema)));
    const batches = reader.isFile() ? Array.from({ length: reader.numRecordBatches }, (_, i) => i) : [null];
    files.push({ path, schema, batches });
  }
  const fields = uniteFields(files, isUnion);
  const { schema, hidden, constants } = addConstantColumns(fields, paths, {
    hivePartitioning: o.boolean('hive_partitioning'),
    filename: filenameOption(o),
  });
  const places = files.map(f => schema.map(column => f.schema.findIndex(own => isSame(own, column))));
  return {
    fn: 'read_arrow',
    label: paths.length === 1 ? paths[0]! : `${paths[0]} and ${paths.length - 1} more`,
    schema,
    hidden,
    statistics: {},
    splits: files.flatMap(({ batches }, file) =>
      batches.map((batch): Split => ({ ranges: constantRanges(constants[file]!), state: splitState({ file, batch }) })),
    ),
    state: toJson({ files: paths.map((path, i) => ({ path, places: places[i]!, constants: constants[i]! })) }),
  };
}

const splitState = (split: ArrowSplit) => toJson(split);
const isSame = (a: Field, b: Field): boolean => a.name.toLowerCase() === b.name.toLowerCase();

/** Repeated names get a number: `a`, `a_1`. */
function uniqueNames(schema: Schema): Schema {
  const used = new Set<string>();
  return schema.map(field => {
    let { name } = field;
    for (let n = 1; used.has(name.toLowerCase()); n++) name = `${field.name}_${n}`;
    used.add(name.toLowerCase());
    return { ...field, name };
  });
}

/** The first file's columns, which the others must have too, or by name those of any file. */
function uniteFields(files: readonly FoundFile[], isUnion: boolean): readonly Field[] {
  const fields: Field[] = [];
  for (const { schema } of isUnion ? files : files.slice(0, 1)) {
    for (const field of schema) if (!fields.some(f => isSame(f, field))) fields.push(field);
  }
  return fields.map(field => {
    let { nullable } = field;
    for (const { path, schema } of files) {
      const own = schema.find(f => isSame(f, field));
      nullable ||= own === undefined || own.nullable;
      if (own === undefined && !isUnion) {
        throw new RayexecError(
          'bind',
          `the file '${path}' has no column '${field.name}', which '${files[0]!.path}' has`,
          {
            hint: 'union_by_name = true reads files with different columns',
          },
        );
      }
      if (own !== undefined && !sameType(own.type, field.type)) {
        const types = `${typeName(field.type)} in some files, and ${typeName(own.type)} in '${path}'`;
        throw new RayexecError('bind', `the column '${field.name}' is ${types}`);
      }
    }
    return { ...field, nullable };
  });
}
