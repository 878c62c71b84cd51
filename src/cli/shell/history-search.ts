/**
 * Ctrl-R: fetches lines of the history, newest first, that contain what stood on the line when it was first pressed.
 */
export class HistorySearch {
  private wanted = '';
  private at = -1;
  private shown: string | undefined;

  /**
   * The next older line that fits, or undefined where there is none.
   *
   * @param line what stands on the line now: what was fetched last, or something typed since, which begins anew
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
