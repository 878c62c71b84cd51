import { type DocumentedRelation, documentedSchema } from '../query/documentation.js';
import type { ExportManifest } from './manifest.js';
import { type Place, writeText } from './place/index.js';

/** Name of the file that tells BI tools what tables mean and how they are joined. */
const semanticName = 'semantic.json';

/** A table or view of an export, for tools. */
interface SemanticRelation extends Omit<DocumentedRelation, 'keys'> {
  /** Its files, below the export's folder. */
  files: string[];
  /** Columns that are in the names of folders, not in the files. */
  partitioned_by: string[];
  primary_key: readonly string[];
  joins: { columns: readonly string[]; to: string; to_columns: readonly string[] }[];
}

function described(
  { keys, ...relation }: DocumentedRelation,
  manifest: ExportManifest,
): SemanticRelation | undefined {
  const files = manifest.files.filter(({ table }) => table === relation.name).map(({ path }) => path);
  if (files.length === 0) return undefined;
  return {
    ...relation,
    files,
    partitioned_by: files[0]!.includes('/') ? ['cell_id', 'test_id'] : [],
    primary_key: keys.primary,
    joins: keys.foreign.map(({ columns, references, of }) => ({ columns, to: references, to_columns: of })),
  };
}

/** Writes keys, joins, units and formulas of what is exported, beside the manifest. */
export async function writeSemantics(place: Place, manifest: ExportManifest): Promise<void> {
  const all = await documentedSchema();
  const relations = all.flatMap((relation) => described(relation, manifest) ?? []);
  const names = new Set(relations.map(({ name }) => name));
  for (const relation of relations) relation.joins = relation.joins.filter(({ to }) => names.has(to));
  const text = `${JSON.stringify({ schema: 'cellar.semantic/1', relations }, undefined, 2)}\n`;
  if (text !== (await place.readText(semanticName))) await writeText(place, semanticName, text);
}
