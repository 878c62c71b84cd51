export { type ExportRequest, type ExportSummary, exportDatabase } from './export.js';
export { hashFile } from './hash-file.js';
export {
  type ExportFormat,
  exportFormats,
  type Manifest,
  type ManifestFile,
  readManifest,
} from './manifest.js';
export { type ExportItem, planExport } from './plan.js';
