/**
 * How rows of two sides meet. `semi` and `anti` keep left rows with / without a match;
 * `mark` keeps every left row and adds a nullable boolean: matched, not matched, or unknown (NULL, as IN needs it);
 * `single` is a left join that fails at run time when a left row has more than one match (scalar subqueries).
 */
export type JoinType = 'inner' | 'left' | 'right' | 'full' | 'semi' | 'anti' | 'mark' | 'single';
