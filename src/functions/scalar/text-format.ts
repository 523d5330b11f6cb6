import { plainType } from '../../types/coercion.ts';
import { type DataType, FLOAT64, UTF8 } from '../../types/data-type.ts';
import { formatRaw } from '../../types/format-raw.ts';
import type { Fit, ScalarFunction, ScalarOverload } from '../function.ts';
import { generic } from '../overload.ts';
import { textDoc } from '../text/documented.ts';
import { type Formatted, formatBraces, formatPercent } from '../text/format-text.ts';
import { mapRows } from '../text/map-rows.ts';

const isText = (type: DataType | undefined): boolean => type?.kind === 'utf8' || type?.kind === 'null';

/** Integers and floats keep their types, decimals become doubles; other values come as their texts. */
function fitFormat([format, ...values]: readonly DataType[]): Fit | undefined {
  if (format === undefined || !isText(format)) return undefined;
  const taken = values.map(v => {
    if (v.kind === 'decimal') return FLOAT64;
    return v.kind === 'int' || v.kind === 'float' ? plainType(v) : UTF8;
  });
  return { args: [UTF8, ...taken], returns: UTF8, cost: 0 };
}

function formatter(write: (format: string, args: readonly Formatted[]) => string): readonly ScalarOverload[] {
  return [
    generic(
      'values',
      '(VARCHAR, ANY...) -> VARCHAR',
      fitFormat,
      (ctx, call) => {
        const types = call.args.slice(1).map(a => a.type);
        return mapRows(ctx, call, (format, ...values) =>
          write(
            format as string,
            values.map((value, i) => ({ value, text: formatRaw(types[i]!, value) })),
          ),
        );
      },
      { canFail: true },
    ),
  ];
}

/** Writing values into templates. */
export const formatFunctions: readonly ScalarFunction[] = [
  {
    name: 'format',
    doc: textDoc(
      'Values in the places {} of a template; {:>8.2f} aligns and rounds.',
      ['template', 'value'],
      ["format('{} costs {:.2f}', 'tea', 2.5)", 'tea costs 2.50'],
    ),
    overloads: formatter(formatBraces),
  },
  {
    name: 'printf',
    doc: textDoc(
      'Values in the places %s, %d, %8.2f of a template.',
      ['template', 'value'],
      ["printf('%s costs %.2f', 'tea', 2.5)", 'tea costs 2.50'],
    ),
    overloads: formatter(formatPercent),
  },
];
