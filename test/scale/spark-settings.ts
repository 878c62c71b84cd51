import { hasSpark } from '../../scripts/spark-cluster.js';

/** Says, once per test file, why its tests are skipped. */
export function sayIfNoSpark(): void {
  if (!hasSpark)
    console.warn('skipped: there is no Spark with a Java runtime here (set SPARK_HOME, or install pyspark)');
}

/** Small processes that start fast; the numbers do not depend on it. */
export const quickJava = '-XX:TieredStopAtLevel=1 -XX:+UseSerialGC';
export const quickSettings = [
  'spark.driver.memory=1g',
  'spark.executor.memory=1g',
  'spark.driver.host=127.0.0.1',
  'spark.driver.bindAddress=127.0.0.1',
  'spark.sql.shuffle.partitions=4',
  `spark.driver.extraJavaOptions=${quickJava}`,
  `spark.executor.extraJavaOptions=${quickJava}`,
].flatMap((setting) => ['--conf', setting]);
