/** Clones of a sink that one pipeline feeds. */
export type CloneRange = { readonly first: number; readonly count: number };
