import { type Any, and, coalesce, lit, not, or, when } from '../../frontends/index.ts';
import type { Choices } from './choices.ts';
import type { ColumnType, RandomColumn } from './random-tables.ts';

const LITERALS: Readonly<Record<ColumnType, readonly unknown[]>> = {
  int32: [0, 1, 2, -1, 100],
  int64: [0, 1, 3_000_000_000n],
  decimal: ['0', '1.50', '-2.25'],
  double: [0.5, -1.25, 3.5],
  average: [0.5],
  string: ['', 'a', 'A', "it's", 'größe'],
  date: ['2020-02-29', '1970-01-01'],
  boolean: [true, false],
};
const CASTS: Readonly<Record<ColumnType, string>> = {
  int32: 'int32',
  int64: 'int64',
  decimal: 'decimal(9,2)',
  double: 'float64',
  average: 'float64',
  string: 'string',
  date: 'date',
  boolean: 'boolean',
};

/** An expression of a type over the columns of `t`. */
export function randomExpr(
  choices: Choices,
  t: Any,
  columns: readonly RandomColumn[],
  type: ColumnType,
  depth: number,
): Any {
  const own = columns.filter(c => c.type === type);
  const sub = (of: ColumnType): Any => randomExpr(choices, t, columns, of, depth - 1);
  const leaf = (): Any => {
    if (own.length > 0 && !choices.once(4)) return t[choices.pick(own).name];
    const value = choices.once(6) ? null : choices.pick(LITERALS[type]);
    return (lit(value as never) as Any).cast(CASTS[type]);
  };
  if (depth <= 0) return leaf();
  const column = (): RandomColumn => choices.pick(columns);
  const common = [
    leaf,
    leaf,
    () => when(sub('boolean'), sub(type)).otherwise(sub(type)),
    () => coalesce(sub(type), sub(type)),
    () => sub(type).nullIf(sub(type)),
  ];
  switch (type) {
    case 'boolean': {
      const compare = (): Any => {
        const { type: compared } = column();
        const verb = choices.pick(['eq', 'lt', 'gte', 'ne', 'isDistinctFrom', 'isNotDistinctFrom', 'lte', 'gt']);
        return sub(compared)[verb](sub(compared));
      };
      const options = [
        compare,
        compare,
        compare,
        () => t[column().name].isNull(),
        () => t[column().name].isNotNull(),
        () => and(sub('boolean'), sub('boolean')),
        () => or(sub('boolean'), sub('boolean')),
        () => not(sub('boolean')),
        () => sub('int32').in([1, 2, 100]),
        () => sub('string').notIn(['a', 'ab']),
        () => sub('string').like(choices.pick(['a%', '%', '_', '%e%', 'it%s'])),
        () => sub('int32').between(sub('int32'), sub('int32')),
        ...common,
      ];
      return choices.pick(options)();
    }
    case 'int32':
      return choices.pick([...common, () => sub(type).mod(7).cast('int32'), () => sub(type).intDiv(3).cast('int32')])();
    case 'string':
      return choices.pick([
        ...common,
        () => sub(type).upper(),
        () => sub(type).substring(2, 2),
        () => sub(type).replace('a', 'xy'),
        () => sub('int32').cast('string'),
      ])();
    case 'double':
      return choices.pick([...common, () => sub(type).neg(), () => sub('int32').cast('float64')])();
    default:
      return choices.pick(common)();
  }
}
