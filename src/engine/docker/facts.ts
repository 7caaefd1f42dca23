/** What the engine says about itself and its host. */
import { parseSubnet } from '../../lib/ip.ts';
import type { EngineFacts } from '../engine.ts';
import { ask, notAnswering, type Connection } from './connection.ts';
import { masquerade } from './networks.ts';
import { readSysResource } from './sys-resource.ts';

/** A healthy engine answers in milliseconds, a busy one in a second. */
const usualLimitSeconds = 15;

/** The fields of `GET /info` that are used. */
type Info = {
  OperatingSystem: string;
  KernelVersion: string;
  NCPU: number;
  MemTotal: number;
  Driver: string;
  DockerRootDir: string;
  CgroupVersion?: string;
  SecurityOptions?: string[] | null;
};

/** The fields of `GET /version` that are used. */
type Version = { Version: string; ApiVersion: string; Components?: { Name: string }[] };

/** From `/version`, `/info` and the list of networks. HOST001 when these have not all come within the limit. */
export async function readFacts(connection: Connection, signal?: AbortSignal, limitSeconds = usualLimitSeconds): Promise<EngineFacts> {
  const { url } = connection;
  const limit = AbortSignal.timeout(limitSeconds * 1000);
  const abortSignal = AbortSignal.any(signal ? [signal, limit] : [limit]);
  try {
    const [version, info] = await ask(connection, 'tell its version', () => askBoth(connection, abortSignal));
    const masqueraded = await listMasqueraded(connection, abortSignal);
    const number = version.Version.replace(/\+.*$/, '');
    const maker = /podman/i.test(version.Components?.[0]?.Name ?? '') ? 'Podman' : 'Docker';
    return {
      name: `${maker} ${number}`,
      version: number,
      apiVersion: version.ApiVersion,
      os: info.OperatingSystem,
      kernel: info.KernelVersion,
      cpus: info.NCPU,
      memoryBytes: info.MemTotal,
      cgroupVersion: info.CgroupVersion === '2' ? 2 : 1,
      storageDriver: info.Driver,
      rootDir: info.DockerRootDir,
      sysResource: await sysResource(connection, info),
      masqueraded,
    };
  } catch (error) {
    signal?.throwIfAborted();
    if (limit.aborted) throw notAnswering(url, new Error(`no answer within ${limitSeconds} s`));
    throw error;
  }
}

/** Bridges of Docker's own unless told otherwise; an internal one leads nowhere, and those of labs are told otherwise. */
async function listMasqueraded(connection: Connection, abortSignal: AbortSignal): Promise<EngineFacts['masqueraded']> {
  const networks = await ask(connection, 'list networks', () => connection.docker.listNetworks({ abortSignal }));
  return networks
    .filter(({ Driver, Internal, Options }) => Driver === 'bridge' && !Internal && Options?.[masquerade] !== 'false')
    .flatMap(({ Name: network, IPAM }) =>
      // networks without address management have no configuration at all
      ((IPAM?.Config ?? []) as { Subnet?: string }[]).flatMap(({ Subnet: subnet = '' }) =>
        parseSubnet(subnet) ? [{ network, subnet }] : [],
      ),
    );
}

/** The client library takes a signal for both; its types do not know. */
function askBoth({ docker }: Connection, abortSignal: AbortSignal): Promise<[Version, Info]> {
  const client = docker as unknown as { version(options: object): Promise<Version>; info(options: object): Promise<Info> };
  return Promise.all([client.version({ abortSignal }), client.info({ abortSignal })]);
}

async function sysResource({ url }: Connection, { SecurityOptions }: Info): Promise<boolean | null> {
  // A daemon in a user namespace has the capability there only, which raises no limit of the host's.
  if (SecurityOptions?.some((option) => /name=(rootless|userns)/.test(option))) return false;
  return url.startsWith('unix:') ? readSysResource() : null;
}
