export function hostileFiles(megabytes: number): { what: string; make: () => Uint8Array; says: RegExp }[];
