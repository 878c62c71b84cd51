/** Reads the web interface of the driver, which every Spark application has unless it is switched off. */

const addressLine = /Spark Web UI available at (\S+)/;
const applicationLine = /Application Id: (\S+)/;

/** Address of the web interface of a running application; undefined until it is in the log. */
export function applicationAddress(log: string): string | undefined {
  const address = addressLine.exec(log)?.[1];
  const id = applicationLine.exec(log)?.[1];
  return address === undefined || id === undefined ? undefined : `${address}/api/v1/applications/${id}`;
}

/** Number of executors that an application has now; undefined where it cannot be found out. */
export async function executorCount(application: string): Promise<number | undefined> {
  try {
    const answer = await fetch(`${application}/executors`, { signal: AbortSignal.timeout(5000) });
    if (!answer.ok) return undefined;
    const executors = (await answer.json()) as { id: string; isActive: boolean }[];
    return executors.filter(({ id, isActive }) => id !== 'driver' && isActive).length;
  } catch {
    // The application may be behind a proxy or just ending; the next request will show it.
    return undefined;
  }
}
