import type { TokenStream } from './token-stream.ts';

/** `[ALL | DISTINCT] [BY NAME]` */
export function parseSetOptions(s: TokenStream): { all: boolean; byName: boolean } {
  const all = s.accept('all');
  if (!all) s.accept('distinct');
  return { all, byName: s.accept('by', 'name') };
}
