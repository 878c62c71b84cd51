/** Looks into the driver's own web interface, which every Spark application has unless it is switched off. */

const addressLine = /Spark Web UI available at (\S+)/;
const applicationLine = /Application Id: (\S+)/;

/** Where a running application tells about itself; undefined until its log has said so. */
export function applicationAddress(log: string): string | undefined {
  const address = addressLine.exec(log)?.[1];
  const id = applicationLine.exec(log)?.[1];
  return address === undefined || id === undefined ? undefined : `${address}/api/v1/applications/${id}`;
}

/** How many executors an application has now; undefined where that cannot be learnt. */
export async function executorCount(application: string): Promise<number | undefined> {
  try {
    const answer = await fetch(`${application}/executors`, { signal: AbortSignal.timeout(5000) });
    if (!answer.ok) return undefined;
    const executors = (await answer.json()) as { id: string; isActive: boolean }[];
    return executors.filter(({ id, isActive }) => id !== 'driver' && isActive).length;
  } catch {
    // Behind a proxy, or just ending: whoever asks again will see.
    return undefined;
  }
}
