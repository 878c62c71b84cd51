// What the sources' types tell beyond the compiler's own checks, from one program, since to read it takes longest:
// - Every value in a template string has words of its own: an object such as a message would become "[object Object]"
//   without a sound, and the compiler takes anything there.
// - Everything that the library exports is documented (`typedoc.json`).
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Application, TSConfigReader, TypeDocReader } from 'typedoc';
import ts from 'typescript';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const sources = join(root, 'src');

const host = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => {} };
const configs = ['tsconfig.json', 'tsconfig.client.json'].map((name) => {
  const config = ts.getParsedCommandLineOfConfigFile(join(root, name), {}, host);
  if (config === undefined) throw new Error(`${name} cannot be read`);
  return config;
});
const files = new Set(
  configs.flatMap(({ fileNames }) => fileNames.filter((file) => file.startsWith(sources))),
);
const program = ts.createProgram([...files], Object.assign({}, ...configs.map(({ options }) => options)));
const checker = program.getTypeChecker();

/** Whether a value of the type can only say "[object Object]". */
function hasNoWords(type) {
  if (type.isUnion()) return type.types.some(hasNoWords);
  if ((type.flags & ts.TypeFlags.Object) === 0) return false;
  if (checker.isArrayType(type)) return checker.getTypeArguments(type).some(hasNoWords);
  const own = checker.getPropertyOfType(checker.getApparentType(type), 'toString');
  const isOfObject = ({ parent }) => ts.isInterfaceDeclaration(parent) && parent.name.text === 'Object';
  return own === undefined || (own.declarations ?? []).some(isOfObject);
}

let found = 0;
function visit(node, source) {
  // What a tagged template makes of a value is the tag's concern, and has a type.
  if (ts.isTemplateExpression(node) && !ts.isTaggedTemplateExpression(node.parent)) {
    for (const { expression } of node.templateSpans) {
      const type = checker.getTypeAtLocation(expression);
      if (!hasNoWords(type)) continue;
      const { line } = source.getLineAndCharacterOfPosition(expression.getStart());
      const place = `${relative(root, source.fileName)}:${line + 1}`;
      console.error(
        `${place}: ${expression.getText()} is a ${checker.typeToString(type)}; put its words here`,
      );
      found += 1;
    }
  }
  ts.forEachChild(node, (child) => visit(child, source));
}

/** Reads the documentation of the library as `npm run docs` does; what is wrong with it is printed. */
async function isDocumented() {
  const app = await Application.bootstrap({}, [new TypeDocReader(), new TSConfigReader()]);
  const sourceFile = program.getSourceFile(join(sources, 'index.ts'));
  app.validate(app.converter.convert([{ displayName: 'cellar', program, sourceFile }]));
  return !app.logger.hasErrors() && !app.logger.hasWarnings();
}

for (const source of program.getSourceFiles()) if (files.has(source.fileName)) visit(source, source);
if (!(await isDocumented()) || found > 0) process.exitCode = 1;
