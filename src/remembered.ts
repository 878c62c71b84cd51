/** Texts beyond this number are forgotten again: the files of a night share a few hundred names, units and patterns. */
const most = 10_000;

/** A function of a text that remembers its results: the same names and patterns are asked for with every file. */
export function remembered<Result extends NonNullable<unknown>>(
  give: (text: string) => Result,
): (text: string) => Result {
  const known = new Map<string, Result>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    if (known.size === most) known.clear();
    const given = give(text);
    known.set(text, given);
    return given;
  };
}
