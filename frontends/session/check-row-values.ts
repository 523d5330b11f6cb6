import { RayexecError } from '../../src/common/errors.ts';
import { choices } from '../../src/common/suggest.ts';
import type { ValueOptions } from '../../src/types/value-options.ts';
import { VALUE_FORMS as FORMS } from '../dataframe/check-value-forms.ts';

/** @throws RayexecError `invalid-argument` for values that there are not, and forms that they don't have */
export function checkRowValues(values: object): asserts values is ValueOptions {
  for (const [option, form] of Object.entries(values)) {
    const forms: readonly string[] | undefined = Object.hasOwn(FORMS, option)
      ? FORMS[option as keyof ValueOptions]
      : undefined;
    if (forms === undefined)
      throw unknown(`there is no option '${option}'`, choices(option, Object.keys(FORMS), 'options'));
    if (!forms.includes(form as string))
      throw unknown(`${option} is ${forms.map(f => `'${f}'`).join(', ')}, not '${form}'`, undefined);
  }
}

const unknown = (problem: string, hint: string | undefined): RayexecError =>
  new RayexecError('invalid-argument', `connect({ values }): ${problem}`, { hint });
