import { valueReader } from '../../batch/read.ts';
import { Vector } from '../../batch/vector.ts';
import { literalText } from '../../types/coercion.ts';
import { type DataType, UTF8 } from '../../types/data-type.ts';
import type { Fit, FunctionDoc, ScalarFunction } from '../function.ts';
import { generic } from '../overload.ts';
import { mapRows } from '../text/map-rows.ts';

const unionDoc = (summary: string, args: readonly string[], ...examples: FunctionDoc['examples']): FunctionDoc => ({
  summary,
  args,
  examples,
  category: 'union',
});

const memberIndex = (type: DataType, name: string): number =>
  type.kind === 'union' ? type.members.findIndex(m => m.name.toLowerCase() === name.toLowerCase()) : -1;

function fitMember([type, key, ...rest]: readonly DataType[]): Fit | undefined {
  const name = key === undefined ? undefined : literalText(key);
  if (type?.kind !== 'union' || name === undefined || rest.length > 0) return undefined;
  const member = type.members[memberIndex(type, name)];
  return member && { args: [type, UTF8], returns: member.type, cost: 0 };
}

/** Making and reading unions. */
export const unionFunctions: readonly ScalarFunction[] = [
  {
    name: 'union_value',
    doc: unionDoc('A union of one member with a value.', ['name := value'], ['union_value(k := 1)', '1']),
    overloads: [
      generic(
        'value',
        '(ANY) -> UNION',
        ([type, ...rest]) =>
          type === undefined || rest.length > 0
            ? undefined
            : { args: [type], returns: { kind: 'union', members: [{ name: 'v1', type }] }, cost: 0 },
        ({ arena }, { args, rows, type }) => {
          const tags = Vector.flat({ kind: 'int', bits: 8, signed: false }, rows.count, arena.allocZeroed(rows.count));
          return Vector.flat(type, rows.count, 0, 0, [tags, args[0]!]);
        },
        { nulls: 'handles' },
      ),
    ],
  },
  {
    name: 'union_tag',
    doc: unionDoc(
      'The name of the member that a union has a value of.',
      ['union'],
      ['union_tag(union_value(k := 1))', 'k'],
    ),
    overloads: [
      generic(
        'union',
        '(UNION) -> ENUM',
        ([type, ...rest]) =>
          type?.kind === 'union' && rest.length === 0
            ? { args: [type], returns: { kind: 'enum', values: type.members.map(m => m.name) }, cost: 0 }
            : undefined,
        (ctx, call) => {
          const { type } = call.args[0]!;
          const names = type.kind === 'union' ? type.members.map(m => m.name) : [];
          return mapRows(ctx, call, value => names[(value as readonly [number])[0]]!);
        },
      ),
    ],
  },
  {
    name: 'union_extract',
    doc: unionDoc(
      'The value of a member, NULL when the union has that of another.',
      ['union', 'name'],
      ["union_extract(union_value(k := 1), 'k')", '1'],
    ),
    overloads: [
      generic('union', '(UNION, VARCHAR) -> ANY', fitMember, (ctx, call) => {
        const [input, key] = call.args as readonly [Vector, Vector];
        const wanted = memberIndex(input.type, valueReader(ctx.memory, key)(0) as string);
        return mapRows(ctx, { ...call, args: [input] }, value => {
          const [member, v] = value as readonly [number, never];
          return member === wanted ? v : null;
        });
      }),
    ],
  },
];
