// Every entry has types where it is required.
import rayexec = require('rayexec');
import engine = require('rayexec/engine');
import sql = require('rayexec/sql');
import testing = require('rayexec/testing');
import type sqlTypes = require('rayexec/sql-types');

export const counted: sqlTypes.SqlColumns<{ t: { a: 'int32' } }, 'select a from t'> = { a: 'int32' };

export async function program(): Promise<number[]> {
  const db = rayexec.connect();
  const frame = db.from([{ a: 1 }]);
  await testing.assertFramesEqual(frame, frame);
  const parts: object[] = [engine, sql.parse('select 1')];
  return parts.length === 0 ? [] : frame.select(t => ({ b: t.a.add(1) })).values('b');
}
