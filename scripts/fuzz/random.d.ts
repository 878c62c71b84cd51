export interface Random {
  next(): number;
  below(count: number): number;
  pick<Item>(items: readonly Item[]): Item;
}

export function seededRandom(seed: number): Random;
