export { parse, parseExpr, parseStatements, parseType } from './parse.ts';
export { printExpr, printQuery } from './print.ts';
export { printStatement } from './print-statement.ts';
