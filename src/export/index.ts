export { type ExportRequest, type ExportSummary, exportDatabase } from './export.js';
export { type ExportFormat, exportFormats, type Manifest, type ManifestFile } from './manifest.js';
