/** Data that survives `JSON.parse(JSON.stringify(x))` unchanged: what plans are made of. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };
