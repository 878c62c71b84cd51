import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import ts from 'typescript';
import { projectRoot } from '../shared-data.js';

/** What the source files look like, for the rules that a formatter cannot hold. */

export const limits = { fileLines: 400, functionLines: 80, sqlColumns: 120 };

export interface Source {
  /** Path below `src`, with slashes. */
  name: string;
  tree: ts.SourceFile;
  lines: string[];
}

/** Every TypeScript file below `src`. */
export function readSources(): Source[] {
  const root = join(projectRoot, 'src');
  const entries = readdirSync(root, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      const text = readFileSync(path, 'utf8');
      const kind = path.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
      const name = relative(root, path).split(sep).join('/');
      const tree = ts.createSourceFile(name, text, ts.ScriptTarget.ES2022, false, kind);
      return { name, tree, lines: text.replace(/\n$/, '').split('\n') };
    });
}

/** The first and the last line of a node, from 1. */
function linesOf(node: ts.Node, tree: ts.SourceFile): [number, number] {
  const line = (at: number) => tree.getLineAndCharacterOfPosition(at).line + 1;
  return [line(node.getStart(tree)), line(node.end)];
}

/** Functions that are longer than the limit, by `file: name`; one without a name goes by that of what it is in. */
export function longFunctions({ name, tree }: Source): Map<string, number> {
  const found = new Map<string, number>();
  const visit = (node: ts.Node, within: string) => {
    let own = within;
    const named = (node as ts.NamedDeclaration).name;
    if (named !== undefined && (ts.isFunctionLike(node) || ts.isVariableDeclaration(node)))
      own = named.getText(tree);
    if (ts.isFunctionLike(node) && (node as ts.FunctionLikeDeclaration).body !== undefined) {
      const [first, last] = linesOf(node, tree);
      const length = last - first + 1;
      const key = `${name}: ${own}`;
      if (length > limits.functionLines) found.set(key, Math.max(length, found.get(key) ?? 0));
    }
    ts.forEachChild(node, (child) => visit(child, own));
  };
  visit(tree, '');
  return found;
}

const isSql = (text: string) => /\b(SELECT|FROM|WHERE|UPDATE|INSERT INTO|DELETE FROM)\b/.test(text);

/** Lines of SQL that are longer than the limit: the formatter leaves what stands in templates as it is. */
export function longSqlLines({ tree, lines }: Source): number[] {
  const found = new Set<number>();
  const visit = (node: ts.Node) => {
    if (ts.isTemplateLiteral(node) && isSql(node.getText(tree))) {
      const [first, last] = linesOf(node, tree);
      for (let line = first; line <= last; line++) {
        if (lines[line - 1]!.length > limits.sqlColumns) found.add(line);
      }
    } else ts.forEachChild(node, visit);
  };
  visit(tree);
  return [...found];
}

/** Files that a file imports, types too. */
function importsOf({ name, tree }: Source, known: ReadonlySet<string>): string[] {
  return tree.statements.flatMap((statement) => {
    if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) return [];
    const from = statement.moduleSpecifier;
    if (from === undefined || !ts.isStringLiteral(from) || !from.text.startsWith('.')) return [];
    const path = relative(resolve('/'), resolve('/', dirname(name), from.text));
    const stem = path.split(sep).join('/').replace(/\.js$/, '');
    return [`${stem}.ts`, `${stem}.tsx`].filter((file) => known.has(file)).slice(0, 1);
  });
}

/** Groups of files that import one another, directly or over others (Tarjan's strongly connected components). */
export function importCircles(sources: readonly Source[]): string[][] {
  const known = new Set(sources.map(({ name }) => name));
  const graph = new Map(sources.map((source) => [source.name, importsOf(source, known)]));
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const open: string[] = [];
  const circles: string[][] = [];
  const visit = (file: string) => {
    order.set(file, order.size);
    lowest.set(file, order.get(file)!);
    open.push(file);
    for (const other of graph.get(file)!) {
      if (!order.has(other)) visit(other);
      if (open.includes(other)) lowest.set(file, Math.min(lowest.get(file)!, lowest.get(other)!));
    }
    if (lowest.get(file) !== order.get(file)) return;
    const circle = open.splice(open.indexOf(file));
    if (circle.length > 1) circles.push(circle.sort());
  };
  for (const file of graph.keys()) if (!order.has(file)) visit(file);
  return circles;
}
