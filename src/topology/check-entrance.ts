/** Whether nodes of other sites get to the control plane: each router in front of it must forward the ports they dial. */
import { callsApi, cloudcoreNodes, cloudcorePorts, usualCloudcorePorts } from '../lib/cloudcore.ts';
import { listWords } from '../lib/names.ts';
import { apiPort } from '../lib/ports.ts';
import type { Install } from '../model/install.ts';
import type { LabNode, NodeRole } from '../model/lab.ts';
import { findWayIn } from '../nat/nat.ts';
import { type Problems, quote } from './problems.ts';
import type { ResolvedSites } from './resolve-sites.ts';

/** One port that one node cannot get to: the site whose router does not let it in, and the forward that would. */
type Gap = { who: string; site: string; forwards: boolean; outside: number; target: string; inside: number };

/** Reports TOPO037, once for each site whose router does not forward what it must. */
export const checkEntrance = (install: Install, { nodes: placed, sites }: ResolvedSites, problems: Problems): void => {
  const first = placed.find(({ role }) => role === 'control-plane');
  if (!first?.behindNat) return;
  // roles as written: a node whose role could not be read stands in as a host
  const nodes = sites.flatMap((site) => site.nodes).map((node) => ({ ...node, role: roleOf(node, placed) }));
  const [control] = nodes.filter(({ name }) => name === first.name);
  if (!control) return;
  const gaps = nodes.flatMap((node) => {
    const wants = [
      ...(node.role === 'edge' && install.kubeedge
        ? pairPorts(install).map((port) => ({ ...port, at: cloudcoreNodes(install, nodes) }))
        : []),
      ...(callsApi(install, node.role) ? [{ outside: apiPort, inside: apiPort, at: [control] }] : []),
    ];
    return wants.flatMap((want) => findGap(node, want, sites) ?? []);
  });
  for (const site of new Set(gaps.map((gap) => gap.site)))
    report(
      first.name,
      gaps.filter((gap) => gap.site === site),
      [...first.path, 'role'],
      problems,
    );
};

const roleOf = ({ name, site }: LabNode, placed: ResolvedSites['nodes']): NodeRole | undefined =>
  placed.find((one) => one.name === name && one.site === site)?.role;

const pairPorts = (install: Install): { outside: number; inside: number }[] => {
  const { hub, https, tunnel } = cloudcorePorts(install);
  return [
    { outside: usualCloudcorePorts.hub, inside: hub },
    { outside: usualCloudcorePorts.https, inside: https },
    { outside: usualCloudcorePorts.tunnel, inside: tunnel },
  ];
};

type Want = { outside: number; inside: number; at: readonly Pick<LabNode, 'name' | 'site' | 'address'>[] };

/** None when one of the nodes is reached; the certificate and kubeconfig of the API name one port, whoever asks. */
const findGap = (from: { name: string; site: string }, { outside, inside, at }: Want, sites: ResolvedSites['sites']): Gap | undefined => {
  const ways = at.map((node) => ({
    node,
    way: findWayIn({ sites }, { ...node, port: inside, protocol: 'tcp' }, from.site),
  }));
  if (ways.some(({ way }) => 'open' in way && (inside !== apiPort || way.open.port === apiPort))) return undefined;
  const [{ node, way }] = ways as [(typeof ways)[number]];
  const { site, wanted } = 'closed' in way ? way.closed : { site: node.site, wanted: { port: inside } };
  const nat = sites.find(({ name }) => name === site)?.lan?.router.nat;
  // a router further out forwards to the one whose outside is in its LAN
  const target = site === node.site ? node.name : `${sites.find(({ lan }) => lan?.router.uplink === site)?.lan?.router.name}`;
  return { who: from.name, site, forwards: nat?.kind === 'rfc4787' || nat?.kind === 'stock', outside, target, inside: wanted.port };
};

const report = (control: string, gaps: readonly Gap[], path: (string | number)[], problems: Problems): void => {
  const [{ site, forwards }] = gaps as [Gap, ...Gap[]];
  const who = listWords([...new Set(gaps.map((gap) => quote(gap.who)))]);
  const ports = [...new Map(gaps.map((gap) => [gap.outside, gap])).values()].toSorted((a, b) => a.outside - b.outside);
  const list = listWords(ports.map(({ outside }) => String(outside)));
  const message = `control plane ${quote(control)} is behind a NAT that forwards no tcp ${list} to it, so ${who} cannot reach it`;
  const lines = ports.map(({ outside, inside, target }) => quote(`tcp ${outside} -> ${target}${outside === inside ? '' : `:${inside}`}`));
  const hint = forwards
    ? `add to the forwards of site ${site}: ${lines.join(', ')}`
    : 'its router cannot forward: choose another NAT, or put it into a site without "nat" and "subnet"';
  problems.error('TOPO037', path, message, hint);
};
