/**
 * The word lists of the TPC-H specification (clause 4.2.2.13 and the tables of clause 4.2.3), in the order and with
 * the weights of the reference generator's `dists.dss`; order and weights decide which word a random number picks.
 */

/** Runs of words of equal weight: `[weight, 'word|word|…']`. */
export type WeightedWords = readonly (readonly [weight: number, words: string])[];

export const NOUNS: WeightedWords = [
  [40, 'packages|requests|accounts|deposits'],
  [20, 'foxes|ideas|theodolites|pinto beans|instructions'],
  [10, 'dependencies|excuses|platelets|asymptotes'],
  [5, 'courts|dolphins'],
  [1, 'multipliers|sauternes|warthogs|frets|dinos|attainments|somas|Tiresias|patterns|forges|braids|frays|warhorses'],
  [1, 'dugouts|notornis|epitaphs|pearls|tithes|waters|orbits|gifts|sheaves|depths|sentiments|decoys|realms|pains'],
  [1, 'grouches|escapades|hockey players'],
];

export const VERBS: WeightedWords = [
  [20, 'sleep|wake|are|cajole|haggle'],
  [10, 'nag|use|boost'],
  [5, 'affix|detect|integrate'],
  [1, 'maintain|nod|was|lose|sublate|solve|thrash|promise|engage|hinder|print|x-ray|breach|eat|grow|impress|mold'],
  [1, 'poach|serve|run|dazzle|snooze|doze|unwind|kindle|play|hang|believe|doubt'],
];

export const ADVERBS: WeightedWords = [
  [1, 'sometimes|always|never'],
  [50, 'furiously|slyly|carefully'],
  [40, 'blithely'],
  [30, 'quickly'],
  [20, 'fluffily'],
  [1, 'slowly|quietly|ruthlessly|thinly|closely|doggedly|daringly|bravely|stealthily|permanently|enticingly|idly'],
  [1, 'busily|regularly|finally|ironically|evenly|boldly|silently'],
];

export const ADJECTIVES: WeightedWords = [
  [20, 'special|pending|unusual|express'],
  [1, 'furious|sly|careful|blithe|quick|fluffy|slow|quiet|ruthless|thin|close|dogged|daring|brave|stealthy|permanent'],
  [1, 'enticing|idle|busy'],
  [50, 'regular'],
  [40, 'final|ironic'],
  [30, 'even'],
  [20, 'bold'],
  [10, 'silent'],
];

/** `whithout` is spelt as in the reference. */
export const PREPOSITIONS: WeightedWords = [
  [50, 'about|above|according to|across|after'],
  [40, 'against|along'],
  [30, 'alongside of|among'],
  [20, 'around'],
  [10, 'at'],
  [1, 'atop|before|behind|beneath|beside|besides|between|beyond|by|despite|during|except|for|from|in place of|inside'],
  [1, 'instead of|into|near|of|on|outside|over|past|since|through|throughout|to|toward|under|until|up|upon|whithout'],
  [1, 'with|within'],
];

export const AUXILIARIES: WeightedWords = [
  [1, 'do|may|might|shall|will|would|can|could|should|ought to|must|will have to|shall have to|could have to'],
  [1, 'should have to|must have to|need to|try to'],
];

export const TERMINATORS: WeightedWords = [
  [50, '.'],
  [1, ';|:|?|!|--'],
];

/** Sentences: N noun phrase, V verb phrase, P preposition and noun phrase, T terminator. */
export const SENTENCES: WeightedWords = [
  [3, 'NVT|NVPT|NVNT'],
  [1, 'NPVNT|NPVPT'],
];

/** Noun phrases: N noun, J adjective, K adjective with a comma, D adverb. */
export const NOUN_PHRASES: WeightedWords = [
  [10, 'N'],
  [20, 'JN'],
  [10, 'KJN'],
  [50, 'DJN'],
];

/** Verb phrases: V verb, X auxiliary, D adverb. */
export const VERB_PHRASES: WeightedWords = [
  [30, 'V'],
  [1, 'XV'],
  [40, 'VD'],
  [1, 'XVD'],
];

const combine = (...parts: readonly string[]): readonly string[] =>
  parts
    .map(part => part.split('|'))
    .reduce((heads, tails) => heads.flatMap(head => tails.map(tail => `${head} ${tail}`)));

export const PART_CONTAINERS = combine('SM|LG|MED|JUMBO|WRAP', 'CASE|BOX|BAG|JAR|PACK|PKG|CAN|DRUM');
export const PART_TYPES = combine(
  'STANDARD|SMALL|MEDIUM|LARGE|ECONOMY|PROMO',
  'ANODIZED|BURNISHED|PLATED|POLISHED|BRUSHED',
  'TIN|NICKEL|BRASS|STEEL|COPPER',
);
export const PART_COLORS = (
  'almond|antique|aquamarine|azure|beige|bisque|black|blanched|blue|blush|brown|burlywood|burnished|chartreuse|' +
  'chiffon|chocolate|coral|cornflower|cornsilk|cream|cyan|dark|deep|dim|dodger|drab|firebrick|floral|forest|frosted|' +
  'gainsboro|ghost|goldenrod|green|grey|honeydew|hot|indian|ivory|khaki|lace|lavender|lawn|lemon|light|lime|linen|' +
  'magenta|maroon|medium|metallic|midnight|mint|misty|moccasin|navajo|navy|olive|orange|orchid|pale|papaya|peach|' +
  'peru|pink|plum|powder|puff|purple|red|rose|rosy|royal|saddle|salmon|sandy|seashell|sienna|sky|slate|smoke|snow|' +
  'spring|steel|tan|thistle|tomato|turquoise|violet|wheat|white|yellow'
).split('|');
export const MARKET_SEGMENTS = 'AUTOMOBILE|BUILDING|FURNITURE|HOUSEHOLD|MACHINERY'.split('|');
export const ORDER_PRIORITIES = '1-URGENT|2-HIGH|3-MEDIUM|4-NOT SPECIFIED|5-LOW'.split('|');
export const SHIP_INSTRUCTIONS = 'DELIVER IN PERSON|COLLECT COD|TAKE BACK RETURN|NONE'.split('|');
export const SHIP_MODES = 'REG AIR|AIR|RAIL|TRUCK|MAIL|FOB|SHIP'.split('|');
export const REGIONS = 'AFRICA|AMERICA|ASIA|EUROPE|MIDDLE EAST'.split('|');

/** Nations in key order. */
export const NATIONS = (
  'ALGERIA|ARGENTINA|BRAZIL|CANADA|EGYPT|ETHIOPIA|FRANCE|GERMANY|INDIA|INDONESIA|IRAN|IRAQ|JAPAN|JORDAN|KENYA|' +
  'MOROCCO|MOZAMBIQUE|PERU|CHINA|ROMANIA|SAUDI ARABIA|VIETNAM|RUSSIA|UNITED KINGDOM|UNITED STATES'
).split('|');
/** The region of each nation, as index into `REGIONS`. */
export const NATION_REGIONS = [0, 1, 1, 1, 4, 0, 3, 3, 2, 2, 4, 4, 2, 4, 0, 0, 0, 1, 2, 3, 4, 2, 3, 3, 1] as const;
