import type { Vector } from '../../batch/vector.ts';
import { combineValidity } from '../../kernels/vectors.ts';
import { BINARY, type DataType, UTF8 } from '../../types/data-type.ts';
import type { Fit, ScalarFunction, ScalarOverload } from '../function.ts';
import { generic } from '../overload.ts';
import { concatTexts } from '../text/concat-texts.ts';
import { textDoc } from '../text/documented.ts';

/** Any values that have a text of their own; lists are concatenated as lists elsewhere. */
const hasText = (type: DataType): boolean => !['list', 'array', 'struct', 'map', 'union', 'binary'].includes(type.kind);

const asTexts = (types: readonly DataType[]): Fit | undefined =>
  types.every(hasText) ? { args: types.map(() => UTF8), returns: UTF8, cost: types.length } : undefined;

const isBlob = (type: DataType): boolean => type.kind === 'binary' || type.kind === 'null';

const operator: ScalarOverload['run'] = (ctx, call) => concatTexts(ctx, call, call.args);

/** Joining texts. */
export const concatFunctions: readonly ScalarFunction[] = [
  {
    name: '||',
    doc: textDoc('The texts one after the other; NULL when one is NULL.', ['a', 'b'], ["'a' || 1", 'a1']),
    overloads: [
      generic(
        'text',
        '(VARCHAR, VARCHAR) -> VARCHAR',
        types => (types.length === 2 ? asTexts(types) : undefined),
        operator,
      ),
      generic(
        'blob',
        '(BLOB, BLOB) -> BLOB',
        types =>
          types.length === 2 && types.every(isBlob) && types.some(t => t.kind === 'binary')
            ? { args: [BINARY, BINARY], returns: BINARY, cost: 0 }
            : undefined,
        operator,
      ),
    ],
  },
  {
    name: 'concat',
    doc: textDoc('The texts one after the other, without the NULLs.', ['value'], ["concat('a', NULL, 1)", 'a1']),
    overloads: [
      generic(
        'text',
        '(ANY...) -> VARCHAR',
        types => (types.length > 0 ? asTexts(types) : undefined),
        (ctx, call) => concatTexts(ctx, call, call.args),
        { nulls: 'handles' },
      ),
    ],
  },
  {
    name: 'concat_ws',
    doc: textDoc(
      'The texts that are not NULL, with a separator between them; NULL when the separator is.',
      ['separator', 'value'],
      ["concat_ws(', ', 'a', NULL, 'b')", 'a, b'],
    ),
    overloads: [
      generic(
        'text',
        '(VARCHAR, ANY...) -> VARCHAR',
        types => (types.length > 1 ? asTexts(types) : undefined),
        (ctx, call) => {
          const [separator, ...texts] = call.args as readonly [Vector, ...Vector[]];
          const validity = combineValidity(ctx, [separator], call.rows);
          return concatTexts(ctx, { ...call, validity }, texts, separator);
        },
        { nulls: 'handles' },
      ),
    ],
  },
];
