/** The router between one LAN and the internet or another LAN, with the NAT its site declares. */
import { withPrefix } from '../lib/ip.ts';
import { listWays, outsideAddresses } from '../lib/outside.ts';
import type { Ipv4 } from '../model/address.ts';
import type { Lab, Site } from '../model/lab.ts';
import { exitMark, makeRuleset, markRule, natSysctls } from '../nat/nat.ts';
import type { Machine } from './machine.ts';
import { routerSysctls } from './machine.ts';
import { mapPorts } from './port-mapping.ts';
import { usedTable, type WatchedUplink, watchUplinks } from './uplink-watch.ts';
import { listPeers, listRouted, outsideOf } from './uplinks.ts';

/** Of one family: that of the lab it is given. Interfaces: ways out (`wan0`, …), links to other sites (`peer0`, …), `lan0`. */
export function makeSiteRouter(site: string, { subnet, router }: NonNullable<Site['lan']>, lab: Lab): Machine {
  const [main, ...backups] = mapAll(listWays(router), (way) => ({ ...way, ...outsideOf(lab, way) }));
  const ways = [main, ...backups];
  const routed = listRouted(lab, site);
  const inside = [subnet, ...routed.map((one) => one.subnet)];
  const { pairs, pool, forwards, upnp, subscribers } = router;
  const addresses = outsideAddresses({ ...router, backups: [] });
  const peers = listPeers(lab, site);
  const watched = backups.length > 0 ? watch(ways) : [];
  const daemons = [
    ...(watched.length > 0 ? [watchUplinks(lab.internet.core.address, watched)] : []),
    ...(upnp ? [mapPorts(router.name, subnet)] : []),
  ];
  return {
    container: {
      name: router.name,
      image: upnp ? 'router-upnp' : 'router',
      hostname: router.name,
      privilege: 'router',
      interfaces: [
        { network: main.segment, name: main.device, addresses: addresses.map((address) => withPrefix(address, main.subnet)) },
        ...backups.map((way) => ({ network: way.segment, name: way.device, addresses: [withPrefix(way.wan, way.subnet)] })),
        ...peers.map(({ network, device, address }) => ({ network, name: device, addresses: [`${address}/30`] })),
        { network: site, name: 'lan0', addresses: [withPrefix(router.lan, subnet)] },
      ],
      store: false,
      role: 'router',
      site,
    },
    wiring: {
      routes: [
        `default via ${main.gateway} dev ${main.device}`,
        ...routed.map((one) => `${one.subnet} via ${one.via} dev lan0`),
        ...peers.flatMap(({ device, via, subnets }) => subnets.map((one) => `${one} via ${via} dev ${device}`)),
        ...watched.map(({ device, gateway, table }) => `default via ${gateway} dev ${device} table ${table}`),
        ...(watched.length > 0 ? [`default via ${main.gateway} dev ${main.device} table ${usedTable}`] : []),
      ],
      policies: [
        markRule('lan0'),
        ...watched.map(({ address, table }) => `from ${address} lookup ${table}`),
        ...watched.map(({ mark, flowTable }) => `fwmark ${mark}/${mark} lookup ${flowTable}`),
        ...(watched.length > 0 ? [...inside.map((one) => `iif lan0 to ${one} lookup main`), `iif lan0 lookup ${usedTable}`] : []),
      ],
      forwards: true,
      sysctls: { ...routerSysctls([...[...ways, ...peers].map(({ device }) => device), 'lan0']), ...natSysctls(router.nat) },
      ruleset: makeRuleset(router.nat, {
        wan: router.wan,
        lanSubnet: subnet,
        routedSubnets: routed.map((one) => one.subnet),
        privateUplink: router.uplink !== undefined,
        ...(pairs && { pairs }),
        ...(pool && { pool }),
        ...(backups.length > 0 && { backups }),
        ...(peers.length > 0 && { peers: peers.map(({ device }) => device) }),
        ...(forwards && { forwards }),
        ...(upnp && { upnp }),
        ...(subscribers && { subscribers }),
      }),
      ...(daemons.length > 0 && { daemons }),
    },
  };
}

const mapAll = <One, Other>([first, ...rest]: readonly [One, ...One[]], change: (one: One) => Other): [Other, ...Other[]] => [
  change(first),
  ...rest.map(change),
];

const watch = (ways: readonly { device: string; wan: Ipv4; gateway: Ipv4 }[]): WatchedUplink[] =>
  ways.map(({ device, wan, gateway }, index) => ({
    ...{ device, address: wan, gateway, mark: exitMark(index) },
    ...{ table: 101 + index, flowTable: 201 + index },
  }));
