/** Ctrl-R: fetches lines of the history, newest first, that contain the text of the line when it was first pressed. */
export class HistorySearch {
  private wanted = '';
  private at = -1;
  private shown: string | undefined;

  /**
   * The next older matching line, or undefined where there is none.
   *
   * @param line the present text of the line: the line that was fetched last, or a new text, which starts a new search
   * @param history lines, newest first
   */
  next(line: string, history: readonly string[]): string | undefined {
    if (line !== this.shown) {
      this.wanted = line;
      this.at = -1;
    }
    const found = history.findIndex(
      (old, index) =>
        index > this.at && old !== line && old.toLowerCase().includes(this.wanted.toLowerCase()),
    );
    if (found < 0) return undefined;
    this.at = found;
    this.shown = history[found];
    return this.shown;
  }
}
