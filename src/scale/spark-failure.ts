import { busyError, type CellarError, storageError, usageError } from '../errors.js';

interface Cause {
  pattern: RegExp;
  error: (found: RegExpExecArray, master: string, log: string) => CellarError;
}

const again = (log: string) =>
  `The lake is as it was; run it again and it goes on from what is finished. Spark's log: ${log}`;

const causes: readonly Cause[] = [
  {
    pattern:
      /JAVA_HOME is not set|Unable to locate a Java Runtime|java: (?:command )?not found|bin[/\\]java: No such file/i,
    error: () => usageError('Spark finds no Java', 'Install a Java 17 runtime, or set JAVA_HOME.'),
  },
  {
    pattern: /UnsupportedClassVersionError/,
    error: () => usageError('this Java is too old for this Spark', 'Spark 4 needs Java 17: set JAVA_HOME.'),
  },
  {
    pattern: /Could not parse Master URL: (.*)|Master must either be .*|Invalid master URL: (.*)/,
    error: (_found, master) =>
      usageError(
        `${master} is not the address of a Spark master`,
        'e.g. spark://host:7077, yarn, or local[4]',
      ),
  },
  {
    pattern: /All masters are unresponsive/,
    error: (_found, master, log) =>
      busyError(`no Spark master answers at ${master}`, `Start the cluster or correct --master. Log: ${log}`),
  },
  {
    pattern: /No space left on device/,
    error: (_found, _master, log) => storageError('the disk of a Spark worker is full', again(log)),
  },
  {
    pattern: /OutOfMemoryError|Java heap space|GC overhead limit/,
    error: (_found, _master, log) =>
      busyError(
        'Spark ran out of memory',
        `Give it more, e.g. --conf spark.executor.memory=4g (local mode: spark.driver.memory). ${again(log)}`,
      ),
  },
  {
    pattern: /PATH_NOT_FOUND\] Path does not exist: (\S+?)\.?(?:\s|$)/,
    error: ([, path], _master, log) =>
      usageError(
        `the cluster does not find ${path}`,
        `The lake must be at one address for every worker; --cluster-path says where they see it. Log: ${log}`,
      ),
  },
  {
    pattern: /Class (\S+FileSystem) not found|No FileSystem for scheme "?(\w+)/,
    error: ([, connector, scheme], _master, log) =>
      usageError(
        `this Spark has no connector for the lake's address (${connector ?? scheme})`,
        `For s3a add --conf spark.jars.packages=org.apache.hadoop:hadoop-aws:VERSION, with the version of Spark's hadoop-client jars. Log: ${log}`,
      ),
  },
  {
    pattern: /Master removed our application: (\S+)|Application has been killed/,
    error: (_found, master, log) =>
      busyError(`the master at ${master} stopped the application: its executors failed`, again(log)),
  },
  {
    pattern: /Job aborted due to stage failure: (.*)/,
    error: ([, what], _master, log) => busyError(`Spark gave up the job: ${what}`, again(log)),
  },
];

/** The most informative line of a log that no known cause explains. */
function lastComplaint(log: string): string | undefined {
  const lines = log.split(/\r?\n/);
  return (
    lines.findLast((line) => /^\[[A-Z_.]+\]/.test(line)) ??
    lines.findLast((line) => /^Caused by: /.test(line)) ??
    lines.findLast((line) => /(Exception|Error)\b.*: /.test(line))
  )?.trim();
}

/** The meaning of a failure of Spark, in one sentence, from its output. */
export function sparkFailure(
  text: string,
  master: string,
  logFile: string,
  code: number | null,
): CellarError {
  for (const { pattern, error } of causes) {
    const found = pattern.exec(text);
    if (found !== null) return error(found, master, logFile);
  }
  const said = lastComplaint(text);
  const sentence = said === undefined ? `Spark ended with code ${code}` : `Spark failed: ${said}`;
  return busyError(sentence.length > 300 ? `${sentence.slice(0, 300)}…` : sentence, again(logFile));
}
