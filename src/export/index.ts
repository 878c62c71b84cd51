export { type ExportRequest, type ExportSummary, exportDatabase } from './export.js';
export { hashFile } from './hash-file.js';
export {
  type ExportFormat,
  type ExportManifest,
  exportFormats,
  type ManifestFile,
  manifestName,
  readManifest,
} from './manifest.js';
export { folderPlace, openPlace, type Place, writeText } from './place/index.js';
export { type ExportItem, planExport } from './plan.js';
