// Every entry has types where packages are modules.
import { connect, type DataFrame } from 'rayexec';
import * as engine from 'rayexec/engine';
import { cutStages, rayCluster } from 'rayexec/ray';
import { parse, printQuery } from 'rayexec/sql';
import type { SqlColumns } from 'rayexec/sql-types';
import { assertFramesEqual } from 'rayexec/testing';

export const counted: SqlColumns<{ t: { a: 'int32' } }, 'select count(*) as n from t'> = { n: 'int64' };

export async function program(): Promise<{ a: number; b: string }[]> {
  await using db = connect();
  const frame: DataFrame<{ a: 'float64'; b: 'string' }> = db.from([{ a: 1, b: 'x' }]);
  await assertFramesEqual(frame, frame);
  const text: string = printQuery(parse(frame.toSQL()));
  const known: object = { engine, cutStages, rayCluster };
  return text === String(known) ? [] : frame.filter(t => t.a.gt(0)).collect();
}
