import { expect, it } from 'vitest';
import { connect } from '../../frontends/index.ts';

it('rows are handed over in a time that does not grow with what was handed over before', {
  timeout: 60_000,
}, async () => {
  await using db = connect({ threads: 0 });
  await db.ready();
  const kept = [];
  const before = process.cpuUsage();
  for (let i = 0; i < 30_000; i++) kept.push(db.from([{ a: i }]));
  const { user, system } = process.cpuUsage(before);
  // About 0.2 s; 16 s when each copied what there was.
  expect((user + system) / 1e6).toBeLessThan(5);
  expect(await kept[17]!.collect()).toEqual([{ a: 17 }]);
});
