import { isCivilDate } from '../../types/calendar.ts';

/** The order of a date's parts, as the kernels number them. */
export type DateOrder = 0 | 1 | 2;

export type DateOrders = {
  /** Bits of the orders in which the text is a date. */
  readonly orders: number;
  readonly separator: string;
  /** Characters of the date. */
  readonly length: number;
};

/** Orders by preference. */
export const ORDERS: readonly { readonly order: DateOrder; readonly bit: number }[] = [
  { order: 0, bit: 1 }, // 2024-12-31
  { order: 2, bit: 4 }, // 31-12-2024
  { order: 1, bit: 2 }, // 12-31-2024
];
export const ALL_ORDERS = 7;

/** In which orders a text starts with a date whose year has four digits; undefined when in none. */
export function dateOrders(text: string): DateOrders | undefined {
  if (text.length < 8 || !isDigit(text, 0)) return undefined;
  const first = /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?!\d)/.exec(text);
  if (first !== null) {
    if (!isCivilDate(Number(first[1]), Number(first[3]), Number(first[4]))) return undefined;
    return { orders: 1, separator: first[2]!, length: first[0].length };
  }
  const last = /^(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?!\d)/.exec(text);
  if (last === null) return undefined;
  const [a, b, year] = [Number(last[1]), Number(last[3]), Number(last[4])];
  const orders = (isCivilDate(year, a, b) ? 2 : 0) | (isCivilDate(year, b, a) ? 4 : 0);
  return orders === 0 ? undefined : { orders, separator: last[2]!, length: last[0].length };
}

function isDigit(text: string, at: number): boolean {
  const c = text.charCodeAt(at);
  return c >= 48 && c <= 57;
}
