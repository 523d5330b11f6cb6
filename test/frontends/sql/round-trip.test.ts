import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse, parseExpr, printExpr, printQuery } from '../../../frontends/sql/index.ts';
import { arbitraryExpr, arbitraryQuery } from '../../support/arbitrary-query.ts';
import { withoutSpans } from '../../support/without-spans.ts';

describe('parse undoes print', () => {
  test('for any expression', () => {
    fc.assert(
      fc.property(arbitraryExpr(), e => {
        const text = printExpr(e);
        expect(withoutSpans(parseExpr(text)), text).toEqual(withoutSpans(e));
      }),
      { numRuns: 1500 },
    );
  });

  test('for any query', () => {
    fc.assert(
      fc.property(arbitraryQuery(), q => {
        const text = printQuery(q);
        expect(withoutSpans(parse(text)), text).toEqual(withoutSpans(q));
      }),
      { numRuns: 1500 },
    );
  });
});
