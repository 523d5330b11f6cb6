import type { Vector } from '../../batch/vector.ts';
import { combineValidity } from '../../kernels/vectors.ts';
import { BINARY, type DataType, list, UTF8 } from '../../types/data-type.ts';
import type { Fit, ScalarFunction, ScalarOverload } from '../function.ts';
import { generic } from '../overload.ts';
import { concatTexts } from '../text/concat-texts.ts';
import { textDoc } from '../text/documented.ts';
import { mapRows } from '../text/map-rows.ts';

const NESTED: readonly DataType['kind'][] = ['struct', 'map', 'union', 'binary'];

/** Lists are concatenated as lists elsewhere. */
const isList = (type: DataType): boolean => type.kind === 'list' || type.kind === 'array';

const asTexts = (types: readonly DataType[]): Fit | undefined =>
  types.some(isList) ? undefined : { args: types.map(() => UTF8), returns: UTF8, cost: types.length };

/** Operands of the operator, which has meanings of its own for what is nested. */
const asOperands = (types: readonly DataType[]): Fit | undefined =>
  types.length === 2 && !types.some(t => NESTED.includes(t.kind)) ? asTexts(types) : undefined;

/** A separator, and values some of which are lists of texts. */
function withLists([separator, ...types]: readonly DataType[]): Fit | undefined {
  if (separator === undefined || isList(separator) || !types.some(isList) || types.some(isListOfLists))
    return undefined;
  return { args: [UTF8, ...types.map(t => (isList(t) ? list(UTF8) : UTF8))], returns: UTF8, cost: types.length };
}

const isListOfLists = (type: DataType): boolean =>
  (type.kind === 'list' || type.kind === 'array') && isList(type.element);

const isBlob = (type: DataType): boolean => type.kind === 'binary' || type.kind === 'null';

const operator: ScalarOverload['run'] = (ctx, call) => concatTexts(ctx, call, call.args);

/** Joining texts. */
export const concatFunctions: readonly ScalarFunction[] = [
  {
    name: '||',
    doc: textDoc('The texts one after the other; NULL when one is NULL.', ['a', 'b'], ["'a' || 1", 'a1']),
    overloads: [
      generic('text', '(VARCHAR, VARCHAR) -> VARCHAR', asOperands, operator),
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
      'The texts, and elements of lists, that are not NULL, with a separator between them; NULL when the separator is.',
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
      generic(
        'lists',
        '(VARCHAR, ANY[]...) -> VARCHAR',
        withLists,
        (ctx, call) =>
          mapRows(ctx, call, (separator, ...values) =>
            separator === null
              ? null
              : values
                  .flat()
                  .filter(v => v !== null)
                  .join(separator as string),
          ),
        { nulls: 'handles' },
      ),
    ],
  },
];
