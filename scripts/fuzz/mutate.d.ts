import type { Random } from './random.js';

export function mutate(bytes: Buffer, random: Random, other: Buffer): { mutant: Buffer; changes: string[] };
