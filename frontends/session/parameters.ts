import { RayexecError } from '../../src/common/errors.ts';
import { decimal, INT32, INT64, INT128 } from '../../src/types/data-type.ts';
import { jsToRaw } from '../../src/types/js-to-raw.ts';
import { rawToScalar } from '../../src/types/raw-value.ts';
import type { Scalar } from '../../src/types/scalar.ts';
import { isExpr } from '../dataframe/expr-node.ts';
import { DataFrame } from '../dataframe/index.ts';
import { inferType } from './infer-type.ts';

/** Values for `?` and `$1` (an array) or `$name` (an object). */
export type Parameters = readonly unknown[] | Readonly<Record<string, unknown>>;

/** The constants that a query's parameters stand for, by name: '1', '2' … for positions. */
export function parameterScalars(values: Parameters | undefined): Readonly<Record<string, Scalar>> {
  if (values === undefined) return {};
  const entries = Array.isArray(values)
    ? values.map((v, i): [string, unknown] => [String(i + 1), v])
    : Object.entries(values as Readonly<Record<string, unknown>>);
  return Object.fromEntries(entries.map(([name, v]) => [name, toScalar(name, v)]));
}

/** A JavaScript value as a SQL constant: numbers as a SQL literal of the same digits would be typed. */
function toScalar(name: string, value: unknown): Scalar {
  if (typeof value === 'number') return numberScalar(value);
  if (typeof value === 'bigint') {
    const type = BigInt.asIntN(64, value) === value ? INT64 : INT128;
    return { type, value: value.toString() };
  }
  if (value instanceof DataFrame || isExpr(value)) {
    throw new RayexecError('invalid-argument', `the parameter '${name}' is a frame or an expression, not a value`, {
      hint: 'frames stand in templates, db.sql`…`, as they are',
    });
  }
  const type = inferType(name, [value]);
  return rawToScalar(type, jsToRaw(name, type, value));
}

function numberScalar(value: number): Scalar {
  if (Number.isInteger(value) && Math.abs(value) <= Number.MAX_SAFE_INTEGER && !Object.is(value, -0)) {
    return Math.abs(value) < 2 ** 31 ? { type: INT32, value } : { type: INT64, value: String(value) };
  }
  const match = /^(-?)(\d+)\.(\d+)$/.exec(String(value));
  if (match !== null) {
    const [, sign, whole = '', fraction = ''] = match;
    const digits = (whole + fraction).replace(/^0+(?=\d)/, '');
    if (digits.length <= 18) {
      return { type: decimal(Math.max(digits.length, fraction.length), fraction.length), value: `${sign}${digits}` };
    }
  }
  return rawToScalar({ kind: 'float', bits: 64 }, value);
}
