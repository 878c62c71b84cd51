import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { projectRoot } from '../shared-data.js';

/** The project's modules (paths in `dist`) and the packages that the command loads before it knows what it is asked for. */
export function loadedAtStart(): { modules: Set<string>; packages: Set<string> } {
  const [modules, packages, seen] = [new Set<string>(), new Set<string>(), new Set<string>()];
  const visit = (file: string) => {
    if (seen.has(file)) return;
    seen.add(file);
    const text = readFileSync(file, 'utf8');
    // The bundler says of each part what it was made from.
    for (const [, module] of text.matchAll(/^ *\/\/ dist\/(.+\.js)$/gm)) modules.add(module as string);
    for (const [, name] of text.matchAll(/^ *\/\/ node_modules\/((?:@[^/]+\/)?[^/]+)\//gm))
      packages.add(name as string);
    for (const [, path] of text.matchAll(/^(?:import|export)\s(?:[^;]*?from\s*)?["']([^"']+)["']/gm)) {
      if (path!.startsWith('.')) visit(join(dirname(file), path as string));
      else if (!path!.startsWith('node:')) packages.add(path as string);
    }
  };
  visit(join(projectRoot, 'dist', 'cli', 'main.js'));
  return { modules, packages };
}
