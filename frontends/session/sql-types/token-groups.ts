type Bracket = '(' | '[' | '{' | ')' | ']' | '}';

/** [what is inside of the parenthesis that was opened before `T`, what comes after it]. */
export type Group<T extends string[], Depth extends 0[] = [], Done extends string[] = []> = T extends [
  infer A extends string,
  infer B extends string,
  infer C extends string,
  ...infer Rest extends string[],
]
  ? Extract<A | B | C, Bracket> extends never
    ? Group<Rest, Depth, [...Done, A, B, C]>
    : GroupStep<T, Depth, Done>
  : GroupStep<T, Depth, Done>;

type GroupStep<T extends string[], Depth extends 0[], Done extends string[]> = T extends [
  infer Head extends string,
  ...infer Rest extends string[],
]
  ? Head extends Bracket
    ? Head extends '(' | '[' | '{'
      ? Group<Rest, [...Depth, 0], [...Done, Head]>
      : Depth extends [0, ...infer Outer extends 0[]]
        ? Group<Rest, Outer, [...Done, Head]>
        : [Done, Rest]
    : Group<Rest, Depth, [...Done, Head]>
  : [Done, []];

/** Words that take a word behind them along. */
type Together = 'distinct' | 'within';

/** [what is before the first of the words (in lower case) outside of parentheses, the rest from that word on]. */
export type Until<T extends string[], Words extends string, Done extends string[] = []> = T extends [
  infer Head extends string,
  ...infer Rest extends string[],
]
  ? Lowercase<Head> extends Words | Bracket | Together
    ? Head extends Bracket
      ? Head extends '(' | '[' | '{'
        ? Group<Rest> extends [infer Inside extends string[], infer After extends string[]]
          ? Until<After, Words, [...Done, Head, ...Inside, Head extends '(' ? ')' : Head extends '[' ? ']' : '}']>
          : never
        : [Done, T]
      : Lowercase<Head> extends Words
        ? [Done, T]
        : // IS DISTINCT FROM is no FROM, WITHIN GROUP no GROUP.
          Rest extends [infer Next extends string, ...infer After extends string[]]
          ? Lowercase<Next> extends 'from' | 'group'
            ? Until<After, Words, [...Done, Head, Next]>
            : Until<Rest, Words, [...Done, Head]>
          : [[...Done, Head], []]
    : Until<Rest, Words, [...Done, Head]>
  : [Done, []];

/** The rest from the first of the words (in lower case) outside of parentheses on. */
export type StartingAt<T extends string[], Words extends string> = T extends [
  infer A extends string,
  infer B extends string,
  infer C extends string,
  ...infer Rest extends string[],
]
  ? Extract<Lowercase<A | B | C>, Words | Bracket> extends never
    ? StartingAt<Rest, Words>
    : StartingStep<T, Words>
  : StartingStep<T, Words>;

type StartingStep<T extends string[], Words extends string> = T extends [
  infer Head extends string,
  ...infer Rest extends string[],
]
  ? Lowercase<Head> extends Words
    ? T
    : Head extends '(' | '[' | '{'
      ? StartingAt<Group<Rest>[1], Words>
      : StartingAt<Rest, Words>
  : [];

/** Whether one of the words is there outside of parentheses. */
export type Has<T extends string[], Words extends string> = StartingAt<T, Words> extends [] ? false : true;
