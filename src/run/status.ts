/** How the containers of a lab are right now: what `edgelab ps` shows. */
import type { Engine, LabName, Owned } from '../engine/engine.ts';

/** One container of a lab at this moment. */
export type ContainerStatus = {
  name: string;
  /** `core`, `router`, or the node's role. */
  role: string;
  site?: string;
  /** As the engine names it: `running`, `exited`. */
  state: string;
  /** Lab-side addresses as seen inside, `eth0 192.168.1.11/24`; empty when it does not run. */
  addresses: string[];
  /** Working set in bytes; absent when it does not run. */
  memoryBytes?: number;
  /** Milliseconds since the epoch. */
  startedAt?: number;
};

const askSeconds = 5;
/** A line of `ip -o -4 addr`. Lab interfaces are named by the plan; what CNI plugins add has other names. */
const labAddress = /^\d+:\s+((?:eth|net|wan|lan)\d+)\s+inet (\S+)/;

/** All containers of the lab, core and routers first, then by site and name. What cannot be asked is left out, not guessed. */
export const status = async (engine: Engine, lab: LabName): Promise<ContainerStatus[]> => {
  const containers = (await engine.list(lab)).filter(({ kind }) => kind === 'container');
  const rows = await Promise.all(containers.map((container) => examine(engine, container)));
  return rows.sort((a, b) => sortKey(a).localeCompare(sortKey(b)));
};

const examine = async (engine: Engine, found: Owned): Promise<ContainerStatus> => {
  const running = found.state === 'running';
  const [addresses, memoryBytes] = running
    ? await Promise.all([readAddresses(engine, found), engine.memory(found.lab, found.name).catch(() => undefined)])
    : [[], undefined];
  return {
    name: found.name,
    role: found.role ?? '',
    ...(found.site === undefined ? {} : { site: found.site }),
    state: found.state ?? 'unknown',
    addresses,
    ...(memoryBytes === undefined ? {} : { memoryBytes }),
    ...(found.startedAt === undefined ? {} : { startedAt: found.startedAt }),
  };
};

const readAddresses = async (engine: Engine, { lab, name }: Owned): Promise<string[]> => {
  try {
    const argv = ['ip', '-o', '-4', 'addr', 'show', 'scope', 'global'];
    const { stdout } = await engine.exec(lab, name, argv, { timeoutSeconds: askSeconds });
    return stdout.split('\n').flatMap((line) => {
      const [, iface, address] = labAddress.exec(line) ?? [];
      return iface === undefined ? [] : [`${iface} ${address}`];
    });
  } catch {
    return [];
  }
};

const sortKey = ({ role, site, name }: ContainerStatus): string => {
  const rank = ['core', 'router', 'control-plane'].indexOf(role);
  return `${rank === -1 ? 9 : rank} ${site ?? ''} ${name}`;
};
