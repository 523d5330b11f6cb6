import { expect, it } from 'vitest';
import { type Any, connect } from '../../frontends/index.ts';

const SQL = `SELECT 1::DECIMAL(16, 2) AS price, [2::HUGEINT] AS ids, {'d': 3::DECIMAL(38, 0)} AS s, 4::DECIMAL(15, 2) AS small, 5 AS n`;
const NOTES = [
  `"price" is DECIMAL(16,2): numbers may not keep all digits; collect({ decimal: 'string' }) does, and 'exact' says where`,
  `"ids" is HUGEINT: a value beyond 2^53 - 1 is an error; collect({ int64: 'bigint' }) holds all`,
  `"s" is DECIMAL(38,0): numbers may not keep all digits; collect({ decimal: 'string' }) does, and 'exact' says where`,
];

it('check and explain note columns whose values numbers may not hold', async () => {
  await using db = connect({ threads: 0 });
  expect(await db.sql(SQL).check()).toEqual(NOTES);
  expect(await db.sql(SQL).explain()).toMatch(`\n\nnotes\n${NOTES.join('\n')}\n`);
  expect(await db.sql('SELECT 1 AS n').check()).toEqual([]);
  expect(await db.sql('SELECT 1 AS n').explain()).not.toContain('notes');
});

it('not those that the connection hands over otherwise', async () => {
  await using db = connect({ threads: 0, values: { decimal: 'string' } as Any });
  expect(await db.sql(SQL).check()).toEqual([NOTES[1]]);
});
