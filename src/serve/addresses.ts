import { Problem } from './answers.js';
import type { Route } from './routes/route.js';

/** An address of this server; anything else that a program may send is refused. */
export function addressOf(text: string): URL {
  try {
    if (!text.startsWith('/') || text.startsWith('//')) throw new Error();
    return new URL(text, 'http://localhost');
  } catch {
    throw new Problem(400, 'the address cannot be read');
  }
}

/** Which paths a route answers, its parameters as named groups. */
export function patternOf(path: string): RegExp {
  const source = path.replace(/[.]/g, '\\$&').replace(/:(\w+)/g, '(?<$1>[^/]+)');
  return new RegExp(`^${source}$`);
}

/** Parameters of path and address, checked. @throws Problem (400) that names the parameter */
export function checkedParameters(route: Route, groups: Record<string, string>, url: URL): unknown {
  const given: Record<string, string> = Object.create(null);
  for (const [name, value] of url.searchParams) {
    if (!Object.hasOwn(route.parameters.shape, name)) continue;
    if (name in given) throw new Problem(400, `${name} is given twice`);
    given[name] = value;
  }
  try {
    for (const [name, value] of Object.entries(groups)) given[name] = decodeURIComponent(value);
  } catch {
    throw new Problem(400, 'the address cannot be read');
  }
  const checked = route.parameters.safeParse({ ...given });
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  throw new Problem(400, `${issue?.path.join('.') ?? 'a parameter'}: ${issue?.message ?? 'cannot be read'}`);
}
