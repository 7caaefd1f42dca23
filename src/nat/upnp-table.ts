/** The table in which miniupnpd writes the ports that hosts ask for; hooked before our own, whose forward chain lets in what is translated. */
import { block } from './router-facts.ts';

/** Its name and those of its chains, for the program's configuration. */
export const upnpTable = { table: 'upnp', forward: 'forward', prerouting: 'prerouting', postrouting: 'postrouting' } as const;

/** Nothing is deleted when rules are loaded again: mappings outlive a change of the NAT, as the program that made them does. */
export const makeUpnpTable = (): string =>
  [
    ...block(`table inet ${upnpTable.table}`, [
      `chain ${upnpTable.forward} { type filter hook forward priority filter; policy accept; }`,
      `chain ${upnpTable.prerouting} { type nat hook prerouting priority dstnat - 1; policy accept; }`,
      `chain ${upnpTable.postrouting} { type nat hook postrouting priority srcnat - 1; policy accept; }`,
    ]),
    '',
  ].join('\n');
