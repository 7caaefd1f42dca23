/** Who is known by which name: the lab's DNS zone and each machine's /etc/hosts. */
import { familiesOf } from '../lib/families.ts';
import { isIpv6 } from '../lib/ipv6.ts';
import { listWays } from '../lib/outside.ts';
import { apiPort } from '../lib/ports.ts';
import type { Lab, Site } from '../model/lab.ts';
import { findWayIn } from '../nat/nat.ts';
import { sitesBehind } from '../nodes/nodes.ts';

type NameRecord = { address: string; names: string[] };

/** Everything on the internet segment, by its own name; public nodes also as `<node>.<site>`. */
const publicNames = ({ internet, sites }: Lab): NameRecord[] => [
  { address: internet.core.address, names: [internet.core.name] },
  ...sites.flatMap(({ lan }) =>
    lan
      ? listWays(lan.router)
          .filter(({ uplink }) => uplink === undefined)
          .map(({ wan }) => ({ address: wan, names: [lan.router.name] }))
      : [],
  ),
  ...sites.filter(({ lan }) => !lan).flatMap(namesOfNodes),
];

const namesOfNodes = (site: Site): NameRecord[] =>
  site.nodes.map(({ name, address }) => ({ address, names: [name, `${name}.${site.name}`] }));

/** Routers of sites whose uplink is this one: on its LAN by their own name, elsewhere as `<router>.<site>`. */
const namesOfInnerRouters = (lab: Lab, site: string): NameRecord[] =>
  sitesBehind(lab, site).flatMap(({ lan }) =>
    lan
      ? listWays(lan.router)
          .filter(({ uplink }) => uplink === site)
          .map(({ wan }) => ({ address: wan, names: [lan.router.name, `${lan.router.name}.${site}`] }))
      : [],
  );

/** What the lab's DNS server answers. LAN nodes only as `<node>.<site>`: their addresses mean nothing elsewhere. */
export const listDnsNames = (lab: Lab): NameRecord[] => familiesOf(lab).flatMap(namesInDns);

const namesInDns = (lab: Lab): NameRecord[] => [
  ...publicNames(lab),
  ...lab.sites
    .filter(({ lan }) => lan)
    .flatMap(({ name: site, nodes }) => [
      ...nodes.map(({ name, address }) => ({ address, names: [`${name}.${site}`] })),
      ...namesOfInnerRouters(lab, site).map(({ address, names }) => ({ address, names: names.slice(1) })),
    ]),
];

/** What one machine knows of a family without asking: itself, its LAN, and the internet. */
export const listHostNames = (lab: Lab, container: string): NameRecord[] => {
  const site = lab.sites.find(({ nodes, lan }) => nodes.some(({ name }) => name === container) || lan?.router.name === container);
  return [
    { address: isIpv6(lab.internet.subnet) ? '::1' : '127.0.0.1', names: ['localhost'] },
    ...(site?.lan
      ? [
          ...namesOfNodes(site),
          { address: site.lan.router.lan, names: [`lan0.${site.lan.router.name}`] },
          ...namesOfInnerRouters(lab, site.name),
        ]
      : []),
    ...publicNames(lab),
    ...namesOfApi(lab, site),
  ];
};

/** The control plane's name where another address leads to its API: that of the router which forwards it. */
const namesOfApi = (lab: Lab, site: Site | undefined): NameRecord[] => {
  const node = lab.sites.flatMap(({ nodes }) => nodes).find(({ role }) => role === 'control-plane');
  const way = node && findWayIn(lab, { ...node, port: apiPort, protocol: 'tcp' }, site?.name);
  return way && 'open' in way && way.open.address !== node.address ? [{ address: way.open.address, names: [node.name] }] : [];
};

/** hosts(5) text without a final newline. */
export const formatHosts = (records: readonly NameRecord[]): string =>
  records.map(({ address, names }) => `${address} ${names.join(' ')}`).join('\n');
