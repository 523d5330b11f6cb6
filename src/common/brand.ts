declare const brand: unique symbol;

/** A type that is `T` at run time but no other branded `T` for the compiler: a ColumnId is no TableId. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };
