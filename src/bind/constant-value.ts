import { type Expr, isBuiltIn } from '../query/expr.ts';
import { BOOLEAN, FLOAT64, INT32, INT64, INT128, list, NULL, sameType, struct } from '../types/data-type.ts';
import type { Scalar } from '../types/scalar.ts';
import { dateOf, decimalText, integerFits, integerOf } from './constant.ts';

/** What constants need besides themselves: values of parameters, and somebody who can run expressions. */
export type ConstantContext = {
  readonly parameters: Readonly<Record<string, Scalar>>;
  readonly evaluate?: ((expr: Expr) => Scalar | undefined) | undefined;
};

/** The value of an expression without columns; undefined when it has none. */
export const constantOf = (expr: Expr, { parameters, evaluate }: ConstantContext): Scalar | undefined =>
  constantValue(expr, parameters) ?? evaluate?.(expr);

/**
 * The value of a constant expression, for places that need one before anything runs (arguments of table functions,
 * LIMIT): constants, parameters, their arithmetic, lists and structs of them. Undefined for anything else.
 */
export function constantValue(expr: Expr, parameters: Readonly<Record<string, Scalar>>): Scalar | undefined {
  const of = (e: Expr) => constantValue(e, parameters);
  switch (expr.kind) {
    case 'literal':
      return expr.value;
    case 'parameter':
      return Object.hasOwn(parameters, expr.name) ? parameters[expr.name] : undefined;
    case 'name':
      // An option's bare word: read_csv(…, header = true), delim = tab.
      return expr.path.length === 1 && /^(true|false)$/i.test(expr.path[0]!)
        ? { type: BOOLEAN, value: /^t/i.test(expr.path[0]!) }
        : undefined;
    case 'cast': {
      const value = of(expr.input);
      if (value === undefined || !isBuiltIn(expr.type)) return undefined;
      if (sameType(value.type, expr.type)) return value;
      if (value.type.kind === 'utf8' && expr.type.kind === 'date') return dateOf(String(value.value));
      const integer = integerIn(value);
      const isNumber = expr.type.kind === 'int' || expr.type.kind === 'float' || expr.type.kind === 'decimal';
      if (integer !== undefined && isNumber && integerFits(integer, expr.type)) return integerOf(expr.type, integer);
      return expr.type.kind === 'float' && value.type.kind === 'decimal'
        ? { type: expr.type, value: Number(decimalText(value)) }
        : undefined;
    }
    case 'struct': {
      const values = allOf(expr.fields.map(f => of(f.value)));
      return (
        values && {
          type: struct(expr.fields.map((f, i) => ({ name: f.name, type: values[i]!.type }))),
          value: values.map(v => v.value),
        }
      );
    }
    case 'call': {
      const args = allOf(expr.args.map(of));
      return args && constantCall(expr.fn, args);
    }
    default:
      return undefined;
  }
}

function allOf(values: readonly (Scalar | undefined)[]): readonly Scalar[] | undefined {
  const found = values.flatMap(v => v ?? []);
  return found.length === values.length ? found : undefined;
}

function constantCall(fn: string, args: readonly Scalar[]): Scalar | undefined {
  if (fn === 'list_value') return { type: list(args[0]?.type ?? NULL), value: args.map(a => a.value) };
  const [left, right] = args;
  if (left === undefined) return undefined;
  const l = integerIn(left);
  if (fn === 'negate' && args.length === 1) {
    if (l !== undefined) return integer(-l);
    const f = floatIn(left);
    return f === undefined ? undefined : { type: FLOAT64, value: -f };
  }
  if (right === undefined || args.length !== 2) return undefined;
  const r = integerIn(right);
  if (l !== undefined && r !== undefined && fn !== '/') {
    const value = integerResult(fn, l, r);
    return value === undefined ? undefined : integer(value);
  }
  const [x, y] = [floatIn(left), floatIn(right)];
  const value = x === undefined || y === undefined ? undefined : floatResult(fn, x, y);
  return value === undefined || !Number.isFinite(value) ? undefined : { type: FLOAT64, value };
}

function integerIn({ type, value }: Scalar): bigint | undefined {
  return type.kind === 'int' && value !== null ? BigInt(value as string | number) : undefined;
}

function floatIn(value: Scalar): number | undefined {
  if (value.value === null) return undefined;
  if (value.type.kind === 'decimal') return Number(decimalText(value));
  return value.type.kind === 'int' || value.type.kind === 'float' ? Number(value.value) : undefined;
}

const integer = (value: bigint): Scalar => integerOf([INT32, INT64].find(t => integerFits(value, t)) ?? INT128, value);

function integerResult(fn: string, l: bigint, r: bigint): bigint | undefined {
  switch (fn) {
    case '+':
      return l + r;
    case '-':
      return l - r;
    case '*':
      return l * r;
    case '//':
      return r === 0n ? undefined : l / r;
    case '%':
      return r === 0n ? undefined : l % r;
    default:
      return undefined;
  }
}

function floatResult(fn: string, l: number, r: number): number | undefined {
  switch (fn) {
    case '+':
      return l + r;
    case '-':
      return l - r;
    case '*':
      return l * r;
    case '/':
      return r === 0 ? undefined : l / r;
    default:
      return undefined;
  }
}
