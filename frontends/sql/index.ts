export { KEYWORDS } from './keywords.ts';
export { parse, parseExpr, parseStatements, parseType } from './parse.ts';
export { printExpr, printQuery } from './print.ts';
export { printStatement } from './print-statement.ts';
