import type { Expr, FrameBound, SortKey, WindowSpec } from '../../../src/query/expr.ts';
import { OPERATORS } from '../../../src/query/expr.ts';
import { typeRefText } from '../../../src/query/type-ref-text.ts';
import type { Scalar } from '../../../src/types/scalar.ts';

const { infix, prefix, postfix }: Readonly<Record<string, readonly string[]>> = OPERATORS;

/** An expression in something like SQL: enough for expectations that people read. */
export function sql(e: Expr): string {
  switch (e.kind) {
    case 'name':
      return e.path.join('.');
    case 'literal':
      return scalar(e.value);
    case 'cast':
      return `${e.try ? 'try_' : ''}cast(${sql(e.input)} as ${typeRefText(e.type, name => name)})`;
    case 'between':
      return `(${sql(e.input)} between ${sql(e.low)} and ${sql(e.high)})`;
    case 'in-list':
      return `(${sql(e.input)} ${e.negated ? 'not in' : 'in'} (${list(e.items)}))`;
    case 'case': {
      const branches = e.branches.map(b => ` when ${sql(b.when)} then ${sql(b.result)}`).join('');
      return `case${branches}${e.otherwise ? ` else ${sql(e.otherwise)}` : ''} end`;
    }
    case 'lambda':
      return `${e.params.join(', ')} -> ${sql(e.body)}`;
    case 'field':
      return `(${sql(e.input)}).${e.name}`;
    case 'call': {
      const [a, b] = e.args;
      if (a && b && infix?.includes(e.fn)) return `(${sql(a)} ${e.fn} ${sql(b)})`;
      if (a && postfix?.includes(e.fn)) return `(${sql(a)} ${e.fn})`;
      if (a && e.fn === 'not' && prefix?.includes(e.fn)) return `(not ${sql(a)})`;
      const filter = e.filter ? ` filter (where ${sql(e.filter)})` : '';
      const over = typeof e.over === 'object' ? ` over (${windowText(e.over)})` : '';
      const nulls = e.nulls ? ` ${e.nulls} nulls` : '';
      return `${e.fn}(${e.distinct ? 'distinct ' : ''}${list(e.args)}${nulls})${filter}${over}`;
    }
    default:
      throw new Error(`no text for ${e.kind}`);
  }
}

function windowText({ partitionBy, orderBy, frame }: WindowSpec): string {
  return [
    partitionBy ? [`partition by ${list(partitionBy)}`] : [],
    orderBy ? [`order by ${orderBy.map(key).join(', ')}`] : [],
    frame ? [`${frame.unit} ${bound(frame.start)} to ${bound(frame.end)}`] : [],
    frame?.exclude ? [`exclude ${frame.exclude}`] : [],
  ]
    .flat()
    .join(' ');
}

function key({ expr, direction, nulls }: SortKey): string {
  return [sql(expr), direction ?? [], nulls ? `nulls ${nulls}` : []].flat().join(' ');
}

function bound(b: FrameBound): string {
  return 'offset' in b ? `${sql(b.offset)} ${b.kind}` : b.kind;
}

function list(items: readonly Expr[]): string {
  return items.map(sql).join(', ');
}

function scalar({ type, value }: Scalar): string {
  if (value === null) return 'NULL';
  if (type.kind === 'utf8') return `'${value}'`;
  if (type.kind === 'decimal') return `${Number(value) / 10 ** type.scale}`;
  return String(value);
}
