import { folderPlace } from './folder.js';
import { isAddress, objectStorePlace } from './object-store.js';
import type { Place } from './place.js';

export { folderPlace, partialFilePattern } from './folder.js';
export { type Place, writeText } from './place.js';

/**
 * Opens the place that a user named: a folder, or `s3://BUCKET/PATH`. Close it at the end. Errors of
 * `objectStorePlace`.
 */
export async function openPlace(given: string): Promise<Place> {
  return isAddress(given) ? objectStorePlace(given) : folderPlace(given);
}
