/** Segments as Docker bridge networks in "L2 mode": Docker carries frames, the lab owns the addresses (docs/adr/0002). */
import { readFile } from 'node:fs/promises';
import type { NetworkInspectInfo } from 'dockerode';
import { parseSubnet, type Subnet } from '../../lib/ip.ts';
import { LabError } from '../../lib/lab-error.ts';
import type { NetworkSpec } from '../../model/plan.ts';
import { otherPlan } from '../errors.ts';
import type { LabName, Owned, Ownership } from '../engine.ts';
import { ask, messageOf, type Connection } from './connection.ts';
import { dockerName, labelFilter, readLabels, writeLabels, type Labelled } from './labels.ts';
import { freeCarriers, readRoutes } from './subnets.ts';

/** A network of a lab as its labels describe it; `id` is Docker's, `carrier` the subnet Docker gives addresses from. */
export type FoundNetwork = Labelled & { id: string; carrier: string };

/** Of one lab, or of all labs. */
export async function listNetworks(connection: Connection, lab?: LabName): Promise<FoundNetwork[]> {
  const found = await ask(connection, 'list networks', () => connection.docker.listNetworks({ filters: labelFilter(lab) }));
  return found.flatMap(asFound);
}

function asFound({ Id: id, Labels, IPAM }: NetworkInspectInfo): FoundNetwork[] {
  const labelled = readLabels(Labels);
  return labelled ? [{ ...labelled, id, carrier: IPAM?.Config?.[0]?.Subnet ?? '' }] : [];
}

/** As `Engine.list` gives it. */
export function networkAsOwned({ id, carrier: _, ...labelled }: FoundNetwork): Owned {
  return { kind: 'network', ref: id, ...labelled };
}

/**
 * Creates it on the first /24 of 198.18.0.0/15 that is free, unless the lab has it. ENGINE001 when that one is of another plan, ENGINE002
 * when no /24 is free.
 */
export async function ensureNetwork(connection: Connection, owner: Ownership, spec: NetworkSpec, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  const there = await ask(connection, 'list networks', () => connection.docker.listNetworks());
  const found = there.flatMap(asFound).find(({ lab, name }) => lab === owner.lab && name === spec.name);
  if (found && found.planHash !== owner.planHash) throw otherPlan(owner.lab, 'network', spec.name, found.planHash, owner.planHash);
  if (found) return;

  const used = [...there.flatMap(subnetsOf), ...(await hostRoutes(connection))];
  for (const carrier of freeCarriers(`${owner.lab}/${spec.name}`, used)) {
    signal?.throwIfAborted();
    if (await createNetwork(connection, owner, spec, carrier)) return;
  }
  throw new LabError('ENGINE002', `no subnet is left in 198.18.0.0/15 to carry network "${spec.name}" of lab "${owner.lab}"`, {
    step: `create network ${spec.name}`,
    lastObservation: `${used.length} subnets are taken by Docker networks and routes of this host`,
    hint: 'remove labs that are no longer needed (edgelab ps), or a route over all of 198.18.0.0/15 (some VPNs set one)',
  });
}

/** False when someone else took the carrier in the meantime. */
async function createNetwork(connection: Connection, owner: Ownership, spec: NetworkSpec, carrier: string): Promise<boolean> {
  return ask(connection, `create network ${spec.name}`, async () => {
    try {
      await connection.docker.createNetwork({
        Name: dockerName(owner.lab, spec.name),
        CheckDuplicate: true,
        Driver: 'bridge',
        // Not internal: its isolation rules would drop frames between addresses Docker does not know.
        Internal: false,
        EnableIPv6: false,
        IPAM: { Driver: 'default', Config: [{ Subnet: carrier }] },
        Options: bridgeOptions,
        Labels: writeLabels(owner, 'network', spec.name),
      });
      return true;
    } catch (error) {
      if (/overlaps/i.test(messageOf(error))) return false;
      throw error;
    }
  });
}

/** Docker's option that says whether a network's traffic is translated on its way out; it is, unless this is `false`. */
export const masquerade = 'com.docker.network.bridge.enable_ip_masquerade';

const bridgeOptions = {
  [masquerade]: 'false',
  // The bridge gets no address and the host no route: frames of the lab have no way to the host.
  'com.docker.network.bridge.inhibit_ipv4': 'true',
};

/** Networks without address management (host, none) have no configuration at all. */
function subnetsOf({ IPAM }: NetworkInspectInfo): Subnet[] {
  const configurations = (IPAM?.Config as { Subnet?: string }[] | null | undefined) ?? [];
  return configurations.flatMap(({ Subnet: subnet = '' }) => parseSubnet(subnet) ?? []);
}

/** The routes of the engine's host, as far as this process can see them: only when the engine is on this machine. */
async function hostRoutes({ url }: Connection): Promise<Subnet[]> {
  return url.startsWith('unix:') ? readRoutes(await readFile('/proc/net/route', 'utf8').catch(() => '')) : [];
}
