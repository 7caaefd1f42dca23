/** How much memory a container uses. */
import { ask, type Connection } from './connection.ts';

/** The fields of `GET /containers/{id}/stats` that are used; cgroup v1 says `total_inactive_file`, v2 `inactive_file`. */
type Stats = { memory_stats: { usage?: number; stats?: { inactive_file?: number; total_inactive_file?: number } } };

/** Working set as the kubelet and `docker stats` define it: usage without page cache that can go at once. Bytes. */
export async function readMemory(connection: Connection, id: string, name: string): Promise<number> {
  const stats = await ask(
    connection,
    `read the memory of container ${name}`,
    () => connection.docker.getContainer(id).stats({ stream: false, 'one-shot': true }) as Promise<Stats>,
  );
  const { usage = 0, stats: parts = {} } = stats.memory_stats;
  return Math.max(0, usage - (parts.total_inactive_file ?? parts.inactive_file ?? 0));
}
