/** How much memory a container uses. */
import { LabError } from '../../lib/lab-error.ts';
import { ask, type Connection } from './connection.ts';
import { runAlone } from './exec.ts';

/** The fields of `GET /containers/{id}/stats` that are used; cgroup v1 says `total_inactive_file`, v2 `inactive_file`. */
type Stats = { memory_stats?: { usage?: number; stats?: { inactive_file?: number; total_inactive_file?: number } } };

/** Working set as the kubelet and `docker stats` define it: usage without page cache that can go at once. Bytes. */
export async function readMemory(connection: Connection, lab: string, name: string, id: string): Promise<number> {
  const stats = await ask(
    connection,
    `read the memory of container ${name}`,
    () => connection.docker.getContainer(id).stats({ stream: false, 'one-shot': true }) as Promise<Stats>,
  );
  const { usage, stats: parts = {} } = stats.memory_stats ?? {};
  if (usage === undefined) return readInside(connection, lab, name);
  return Math.max(0, usage - (parts.total_inactive_file ?? parts.inactive_file ?? 0));
}

/** The container's own control group as it sees it itself: version 1, or 2. */
const cgroupScript = `cd /sys/fs/cgroup
if [ -e memory.current ]; then cat memory.current; else cd memory && cat memory.usage_in_bytes; fi
sed -n 's/^\\(total_\\)*inactive_file //p' memory.stat | tail -n 1`;

/**
 * Docker has no figures at all for a container whose interfaces have other names than those that Docker gave them: 20.10 leaves them empty,
 * 28.5 answers with a message about the interface in their place.
 */
async function readInside(connection: Connection, lab: string, name: string): Promise<number> {
  const { stdout } = await runAlone(connection, { lab, name }, ['/bin/sh', '-c', cgroupScript], { timeoutSeconds: 10 });
  const [usage = Number.NaN, inactive = Number.NaN] = stdout.split('\n').map(Number);
  if (Number.isFinite(usage - inactive)) return Math.max(0, usage - inactive);
  throw new LabError('ENGINE001', `neither Docker nor its control group says how much memory container "${name}" of lab "${lab}" uses`);
}
