import { expect, it } from 'vitest';
import { sparkFailure } from '../../src/scale/spark-failure.js';

/** What Spark writes when something is wrong becomes one sentence, a hint and the right exit code. Lines are Spark 4.3's own. */

const told = (log: string) => {
  const { message, hint, exitCode } = sparkFailure(
    log,
    'spark://head:7077',
    '/lake/.derive/spark/spark.log',
    1,
  );
  return { message, hint: hint ?? '', exitCode };
};

it.each([
  ['spark-class: line 71: /nonexistent/bin/java: No such file or directory', 'Spark finds no Java', 2],
  ['JAVA_HOME is not set', 'Spark finds no Java', 2],
  [
    '26/11/21 14:12:37 ERROR StandaloneSchedulerBackend: Application has been killed. Reason: All masters are unresponsive! Giving up.',
    'no Spark master answers at spark://head:7077',
    75,
  ],
  [
    'java.lang.OutOfMemoryError: Java heap space\n\tat org.apache.spark.unsafe.Platform.reallocateMemory',
    'Spark ran out of memory',
    75,
  ],
  [
    'Caused by: java.io.IOException: No space left on device\n\tat java.base/java.io.FileOutputStream.writeBytes',
    'the disk of a Spark worker is full',
    74,
  ],
  [
    'Caused by: java.lang.ClassNotFoundException: Class org.apache.hadoop.fs.s3a.S3AFileSystem not found',
    "this Spark has no connector for the lake's address (org.apache.hadoop.fs.s3a.S3AFileSystem)",
    2,
  ],
  [
    '[PATH_NOT_FOUND] Path does not exist: file:/mnt/lake/tests.parquet. SQLSTATE: 42K03',
    'the cluster does not find file:/mnt/lake/tests.parquet',
    2,
  ],
  [
    '[DIVIDE_BY_ZERO] Division by zero. Use `try_divide`. SQLSTATE: 22012',
    'Spark failed: [DIVIDE_BY_ZERO] Division by zero. Use `try_divide`. SQLSTATE: 22012',
    75,
  ],
  ['', 'Spark ended with code 1', 75],
])('%s', (log, message, exitCode) => {
  expect(told(log)).toMatchObject({ message, exitCode });
  if (exitCode !== 2) expect(told(log).hint).toContain('/lake/.derive/spark/spark.log');
});
