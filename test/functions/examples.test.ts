import { describe, expect, it } from 'vitest';
import { scalarFunctions } from '../../src/functions/scalar/index.ts';
import { evaluateSql } from '../support/evaluate-sql.ts';

describe('the examples in the documentation', () => {
  for (const { name, doc } of scalarFunctions) {
    it.each(doc.examples.map(([sql, result]) => [name, sql, result] as const))(
      '%s: %s is %s',
      async (_, sql, result) => {
        expect((await evaluateSql(sql)).text).toBe(result);
      },
    );
  }
});

it('every function has one, but for those of sequences, which an expression alone does not have', () => {
  const without = scalarFunctions.filter(f => f.doc.examples.length === 0).map(f => f.name);
  expect(without.filter(name => !['nextval', 'currval'].includes(name))).toEqual([]);
});
