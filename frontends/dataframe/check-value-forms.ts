import { RayexecError } from '../../src/common/errors.ts';
import type { ValueOptions } from '../../src/types/value-options.ts';

/** The forms that values may have in rows, by their option. */
export const VALUE_FORMS: { readonly [K in keyof Required<ValueOptions>]: readonly NonNullable<ValueOptions[K]>[] } = {
  int64: ['number', 'bigint', 'string'],
  decimal: ['number', 'exact', 'string'],
  date: ['date', 'string', 'temporal', 'days'],
  timestamp: ['date', 'string', 'temporal', 'micros'],
};

/** @throws RayexecError `invalid-argument` for a form that values don't have */
export function checkValueForms(options: ValueOptions): void {
  for (const [option, forms] of Object.entries(VALUE_FORMS)) {
    const form: unknown = options[option as keyof ValueOptions];
    if (form === undefined || (forms as readonly unknown[]).includes(form)) continue;
    throw new RayexecError(
      'invalid-argument',
      `${option} is ${forms.map(f => `'${f}'`).join(', ')}, not ${JSON.stringify(form)}`,
    );
  }
}
