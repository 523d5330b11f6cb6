import { RayexecError } from '../common/errors.ts';
import type { TableFunction } from '../protocol/table-function.ts';
import { readArrow } from './arrow/read-arrow.ts';
import { readCsv } from './csv/read-csv.ts';
import { glob } from './files/glob.ts';
import { wholeFiles } from './files/read-whole-files.ts';
import { readJson, readNdjson } from './json/read-json.ts';
import { parquetMetadata } from './parquet/parquet-metadata.ts';
import { readParquet } from './parquet/read-parquet.ts';
import { seriesFunctions } from './series/series.ts';
import { tableScan } from './table/table-scan.ts';
import { tpchFunctions } from './tpch/tpch-source.ts';

/** All table functions that the engine brings. */
export const tableFunctions: readonly TableFunction[] = [
  tableScan,
  readParquet,
  readCsv,
  readJson,
  readNdjson,
  readArrow,
  glob,
  ...parquetMetadata,
  ...wholeFiles,
  ...seriesFunctions,
  ...tpchFunctions,
];

const byName = new Map(tableFunctions.flatMap(f => [f.name, ...(f.aliases ?? [])].map(name => [name, f] as const)));

/** The table function that a plan names. @throws RayexecError `internal` when this build does not have it */
export function tableFunction(name: string): TableFunction {
  const found = byName.get(name);
  if (found === undefined)
    throw new RayexecError('internal', `the plan reads with '${name}', which this build does not have`);
  return found;
}
