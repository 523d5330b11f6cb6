import ts from 'typescript';
import { expect, it } from 'vitest';
import { compilerOptions, projectFile } from './compiler.ts';

const ENTRIES = ['frontends/index.ts', 'frontends/browser.ts', 'frontends/sql/index.ts', 'frontends/testing/index.ts'];
/** A class that only its interfaces show: no declaration of the package names it. */
const HIDDEN = projectFile('frontends/dataframe/expr-impl.ts');

it('what is exported says its types: declarations need no inference', { timeout: 60_000 }, () => {
  const options = {
    ...compilerOptions(),
    noEmit: false,
    declaration: true,
    emitDeclarationOnly: true,
    isolatedDeclarations: true,
    types: ['node'],
  };
  const program = ts.createProgram(ENTRIES.map(projectFile), options);
  const surface = program
    .getSourceFiles()
    .filter(f => /^(frontends|src\/types|src\/query|src\/common)\//.test(f.fileName.slice(projectFile('').length)))
    .filter(f => f.fileName !== HIDDEN);
  expect(surface.length).toBeGreaterThan(100);
  const found = surface.flatMap(file =>
    program
      .getDeclarationDiagnostics(file)
      .map(d => `${file.fileName}: ${ts.flattenDiagnosticMessageText(d.messageText, '\n')}`),
  );
  expect(found).toEqual([]);
});
