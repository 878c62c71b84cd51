/** Items by a key, in their order. */
export function groupBy<Item, Key>(items: readonly Item[], keyOf: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

/** The first warning of each code. */
export function oncePerCode<Warning extends { code: string }>(warnings: readonly Warning[]): Warning[] {
  return [...groupBy(warnings, ({ code }) => code).values()].map(([first]) => first as Warning);
}
