/** Names and units beyond so many are forgotten again: the files of a night share a few hundred. */
const most = 5000;

/** A function of a text that remembers what it gave: the same headers and spellings are looked at for every file. */
export function remembered(give: (text: string) => string): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    if (known.size === most) known.clear();
    const given = give(text);
    known.set(text, given);
    return given;
  };
}
