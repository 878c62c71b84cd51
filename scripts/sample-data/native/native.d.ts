/** A sample of `sample-data/native` as it was when its test had come to `count` records. */
export function runningSample(path: string, count?: number): Buffer;

/** An Arbin database with several tests. */
export function severalTests(tests: number): Buffer;
