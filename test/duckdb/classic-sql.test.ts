import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Any, connect } from '../../frontends/index.ts';
import { isFailure, verdictOf } from '../fuzz/verdict.ts';
import { arbitraryChoices } from '../property/choices.ts';
import { FrameMaker } from '../property/random-frame.ts';
import { randomTables } from '../property/random-tables.ts';
import { answerOf, duckdb } from '../support/answering-engines.ts';

const python = resolve(import.meta.dirname, '../../.bench/python/bin/python');
const canRun = existsSync(python);
const needed = canRun ? 'in DuckDB' : 'in DuckDB (skipped: run `npm run bench:peers` to install it)';

describe.skipIf(!canRun)(needed, () => {
  test('the classic SQL of a builder chain gives what the chain gives', { timeout: 300_000 }, async () => {
    const db = connect<Any>({ threads: 0 });
    const peer = duckdb(python);
    const property = fc.asyncProperty(arbitraryChoices, async choices => {
      const { tables, script } = randomTables(choices);
      await db.execute(script);
      const { frame, ordered } = new FrameMaker(db, tables, choices).make(5);
      const sql = frame.toSQL({ classic: true });
      const ours = await answerOf(() => frame.executor.collect(frame.query, {}));
      await peer.run(script);
      const verdict = verdictOf(ours, await peer.query(sql), ordered, sql);
      // SQL that DuckDB does not read is as wrong as another answer.
      const isWrong = isFailure(verdict) || verdict.kind === 'peer-limit' || verdict.kind === 'not-supported';
      expect(isWrong, `${verdict.kind}: ${verdict.detail}\n${script};\n${sql}`).toBe(false);
    });
    try {
      await fc.assert(property, { numRuns: 1000 });
    } finally {
      await Promise.all([db.close(), peer.close()]);
    }
  });
});
