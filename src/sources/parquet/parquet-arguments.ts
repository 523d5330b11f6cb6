import { RayexecError } from '../../common/errors.ts';
import { didYouMean } from '../../common/suggest.ts';
import type { Platform } from '../../platform/platform.ts';
import type { TableArguments } from '../../protocol/table-function.ts';
import type { Scalar } from '../../types/scalar.ts';
import { typeName } from '../../types/type-name.ts';
import { matchingPaths } from '../matching-paths.ts';

export type ParquetArguments = {
  readonly paths: readonly string[];
  readonly unionByName: boolean;
  /** Absent: when the paths have partitions. */
  readonly hivePartitioning: boolean | undefined;
  /** Name of the column with the file's path. */
  readonly filename: string | undefined;
};

const NAMED = ['union_by_name', 'hive_partitioning', 'filename'];

/** Checks the arguments of `read_parquet` and matches its globs. @throws RayexecError `bind`, `io` */
export async function parquetArguments(
  { positional, named }: TableArguments,
  platform: Platform,
): Promise<ParquetArguments> {
  for (const name of Object.keys(named)) {
    if (!NAMED.includes(name)) {
      throw new RayexecError('bind', `read_parquet has no parameter '${name}'`, {
        hint: didYouMean(name, NAMED) ?? `it has ${NAMED.join(', ')}`,
      });
    }
  }
  const filename = named['filename'];
  const options = {
    unionByName: booleanOf('union_by_name', named['union_by_name']) ?? false,
    hivePartitioning: booleanOf('hive_partitioning', named['hive_partitioning']),
    filename:
      filename?.type.kind === 'utf8'
        ? (filename.value as string)
        : booleanOf('filename', filename)
          ? 'filename'
          : undefined,
  };
  return { ...options, paths: await matchingPaths('read_parquet', positional, platform) };
}

function booleanOf(name: string, scalar: Scalar | undefined): boolean | undefined {
  if (scalar === undefined || scalar.value === null) return undefined;
  if (typeof scalar.value === 'boolean') return scalar.value;
  // As CAST makes them of numbers.
  if (scalar.type.kind === 'int') return Number(scalar.value) !== 0;
  throw new RayexecError('bind', `the parameter ${name} is a BOOLEAN, not ${typeName(scalar.type)}`);
}
