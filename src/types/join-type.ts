/**
 * How rows of two sides meet. `semi` and `anti` keep left rows with / without a match;
 * `mark` keeps every left row and adds a nullable boolean: matched, not matched, or unknown (NULL, as IN needs it);
 * `single` is a left join that fails at run time when a left row has more than one match (scalar subqueries).
 */
export type JoinType = 'inner' | 'left' | 'right' | 'full' | 'semi' | 'anti' | 'mark' | 'single';

/** How the rows of an ASOF join come out; of `semi` and `anti`, left rows with and without a match. */
export type AsofJoinType = Extract<JoinType, 'inner' | 'left' | 'semi' | 'anti'>;

/** What a left value is to the right value that it is matched with. */
export type AsofComparison = '>=' | '>' | '<=' | '<';
