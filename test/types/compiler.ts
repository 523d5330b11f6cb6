import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The options of the project's tsconfig. */
export function compilerOptions(): ts.CompilerOptions {
  const { config } = ts.readConfigFile(`${root}tsconfig.json`, ts.sys.readFile);
  return { ...ts.convertCompilerOptionsFromJson(config.compilerOptions, root).options, types: [] };
}

/** The absolute path of a file of the project. */
export function projectFile(path: string): string {
  return root + path;
}

/** A program of one file of the project, read through `edit`. */
export function compile(path: string, edit: (source: string) => string = source => source): ts.Program {
  const file = projectFile(path);
  const options = compilerOptions();
  const host = ts.createCompilerHost(options);
  const read = host.readFile.bind(host);
  host.readFile = name => {
    const source = read(name);
    return name === file && source !== undefined ? edit(source) : source;
  };
  return ts.createProgram([file], options, host);
}

/** What the compiler says about a file: the line with each message. */
export function messages(program: ts.Program, path: string): { line: string; message: string }[] {
  const source = program.getSourceFile(projectFile(path));
  const lines = source?.text.split('\n') ?? [];
  return ts.getPreEmitDiagnostics(program, source).map(({ code, start, messageText }) => {
    const row = source?.getLineAndCharacterOfPosition(start ?? 0).line ?? 0;
    return {
      line: lines[row]?.trim() ?? '',
      message: `TS${code} ${ts.flattenDiagnosticMessageText(messageText, '\n')}`,
    };
  });
}
