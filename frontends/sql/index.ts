export { parse, parseExpr, parseStatements, parseType } from './parse.ts';
