export { parse, parseExpr, parseType } from './parse.ts';
