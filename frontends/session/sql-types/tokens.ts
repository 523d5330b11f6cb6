/**
 * A literal of SQL text as a tuple of tokens, for the compiler. Names and numbers are tokens as they are written, a text
 * literal is `'`, a quoted name is `"name`, every punctuation mark is a token of its own. `never` for texts that are not
 * read here: very long ones, and those with escapes, dollar quotes or names with points and other marks in them.
 */
export type Tokens<Text extends string> = Text extends `${string}${'$$' | "\\'"}${string}`
  ? never
  : Text extends `${string}${'--' | '/*'}${string}`
    ? WithoutComments<Text> extends infer Bare extends string
      ? [Bare] extends [never]
        ? never
        : Texts<Padded<Bare>>
      : never
    : Texts<Padded<Text>>;

/** The text with a blank for each comment; never where a quote is open before one, or one is in another. */
type WithoutComments<Text extends string, Done extends string = ''> = Text extends `${infer Before}--${infer After}`
  ? Before extends `${infer Earlier}/*${infer Inside}`
    ? WithoutBlock<Earlier, `${Inside}--${After}`, Done>
    : IsClosed<`${Done}${Before}`> extends true
      ? After extends `${string}\n${infer Rest}`
        ? WithoutComments<Rest, `${Done}${Before} `>
        : `${Done}${Before}`
      : never
  : Text extends `${infer Before}/*${infer After}`
    ? WithoutBlock<Before, After, Done>
    : `${Done}${Text}`;

type WithoutBlock<Before extends string, After extends string, Done extends string> =
  IsClosed<`${Done}${Before}`> extends true
    ? After extends `${infer Comment}*/${infer Rest}`
      ? Comment extends `${string}/*${string}`
        ? never
        : WithoutComments<Rest, `${Done}${Before} `>
      : never
    : never;

/** Whether no quote is open at the end; names with a quote of the other kind in them count as open. */
type IsClosed<Text extends string> = Text extends `${infer Before}'${infer Inside}'${infer After}`
  ? `${Before}${Inside}` extends `${string}"${string}`
    ? IsClosedName<Before> extends true
      ? IsClosed<After>
      : false
    : IsClosed<After>
  : Text extends `${string}'${string}`
    ? false
    : IsClosedName<Text>;
type IsClosedName<Text extends string> = Text extends `${string}"${string}"${infer After}`
  ? IsClosedName<After>
  : Text extends `${string}"${string}`
    ? false
    : true;

type Replaced<
  Text extends string,
  From extends string,
  To extends string,
  Done extends string = '',
> = Text extends `${infer Before}${From}${infer After}`
  ? Replaced<After, From, To, `${Done}${Before}${To}`>
  : `${Done}${Text}`;

type Mark = readonly [
  '(',
  ')',
  ',',
  '+',
  '-',
  '*',
  '/',
  '%',
  '<',
  '>',
  '=',
  '!',
  '|',
  '&',
  '^',
  '~',
  '@',
  ':',
  ';',
  '[',
  ']',
  '{',
  '}',
];

/** The text with blanks around each punctuation mark, and no others than ' '. */
type Padded<Text extends string> = PaddedBy<Replaced<Replaced<Replaced<Text, '\n', ' '>, '\t', ' '>, '\r', ' '>, Mark>;

type PaddedBy<Text extends string, Marks extends readonly string[]> = Marks extends readonly [
  infer First extends string,
  ...infer Rest extends readonly string[],
]
  ? PaddedBy<Replaced<Text, First, ` ${First} `>, Rest>
  : Text;

/** Takes the text literals out; two that touch are one with a quote in it. */
type Texts<Text extends string, Done extends string[] = []> = Text extends `${infer Before}'${infer _}'${infer After}`
  ? Texts<
      After,
      Before extends '' ? (Done extends [...string[], "'"] ? Done : [...Done, "'"]) : [...Names<Before, Done>, "'"]
    >
  : Text extends `${string}'${string}`
    ? never
    : Names<Text, Done>;

/** Takes the quoted names out. */
type Names<Text extends string, Done extends string[]> = Text extends `${infer Before}"${infer Name}"${infer After}`
  ? Name extends `${string}${Mark[number] | '.'}${string}` | ''
    ? never
    : Names<After, [...Words<Before, Done>, `"${Name}`]>
  : Text extends `${string}"${string}`
    ? never
    : Words<Text, Done>;

/** More tokens than the compiler's recursion allows for. */
type TooMany = 900 | 901 | 902 | 903 | 904 | 905;

/** Splits at blanks, three words a step. */
type Words<Text extends string, Done extends string[]> = Done['length'] extends TooMany
  ? never
  : Text extends `${infer A} ${infer B} ${infer C} ${infer Rest}`
    ? Words<Rest, [...Done, ...Word<A>, ...Word<B>, ...Word<C>]>
    : Text extends `${infer A} ${infer Rest}`
      ? Words<Rest, [...Done, ...Word<A>]>
      : [...Done, ...Word<Text>];

type Word<Text extends string> = Text extends '' ? [] : [Text];
