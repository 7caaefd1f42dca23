/** Where a NAT breaks a requirement because of what it is: by its behaviour alone, so that a new kind needs no line here. */
import type { NatBehaviour } from '../../model/nat.ts';
import { blocksUdp, composeDependences } from '../proof/declared.ts';
import type { Requirement } from './list.ts';

/** `applies: false`: the requirement is about something this NAT has not. `holds: false`: it is broken on purpose. */
export type Expectation = { applies: false; why: string } | { applies: true; holds: true } | { applies: true; holds: false; why: string };

/** What is to be seen where a NAT of that behaviour is tried. */
export const expectRequirement = ({ id, udp }: Requirement, nat: NatBehaviour): Expectation => {
  const without = udp && id !== 'RFC5508-8' && blocksUdp(nat) ? 'UDP does not pass' : lacks[id]?.(nat);
  if (without !== undefined) return { applies: false, why: without };
  const why = breaks[id]?.(nat);
  return why === undefined ? { applies: true, holds: true } : { applies: true, holds: false, why };
};

type Reason = (nat: NatBehaviour) => string | undefined;

const when =
  (is: (nat: NatBehaviour) => boolean, why: string | ((nat: NatBehaviour) => string)): Reason =>
  (nat) =>
    is(nat) ? (typeof why === 'string' ? why : why(nat)) : undefined;

const permanent = when(({ kind }) => kind === 'one-to-one', 'its mappings never end');

const lacks: Record<string, Reason> = {
  'RFC4787-2': () => 'one outside address for each host',
  'RFC4787-5': permanent,
  'RFC4787-6': permanent,
  'RFC5382-4': when((nat) => nat.kind === 'one-to-one' && nat.filtering === 'endpoint-independent', 'all ports lead to a host'),
  'RFC5382-5': permanent,
  'RFC5382-5-transitory': permanent,
  'RFC5508-8': when((nat) => !blocksUdp(nat), 'nothing is forbidden'),
};

const mapping = when(
  (nat) => composeDependences([nat]).mapping !== 'endpoint-independent',
  (nat) => `${composeDependences([nat]).mapping} mapping`,
);
const filtering = when(
  (nat) => composeDependences([nat]).filtering === 'address-and-port-dependent',
  'address-and-port-dependent filtering',
);
const overloads = (nat: NatBehaviour): boolean => nat.kind === 'stock' && nat.ports !== 'random';
const overload = when(overloads, 'Linux gives an outside port to several hosts, each for other servers');
const hairpin = when((nat) => nat.kind !== 'rfc4787' || !nat.hairpinning, 'no hairpinning');
const ports = (nat: NatBehaviour) => (nat.kind === 'rfc4787' ? nat.ports : nat.kind === 'stock' ? (nat.ports ?? 'preserve') : 'preserve');

const breaks: Record<string, Reason> = {
  'RFC4787-1': mapping,
  'RFC5382-1': mapping,
  'RFC4787-3': overload,
  'RFC5382-7': overload,
  'RFC5382-2-late': when(({ kind }) => kind === 'stock', "Linux' connection tracking takes the answer of another socket for a stray"),
  'RFC4787-3a': when((nat) => nat.kind === 'rfc4787' && nat.ports !== 'preserve', 'all outside ports are above 1023'),
  'RFC4787-4': when((nat) => ports(nat) !== 'preserve', 'outside ports are not chosen by parity'),
  'RFC4787-5': (nat) => {
    if (nat.kind === 'none') return undefined;
    if (nat.kind === 'stock') return 'Linux forgets an unanswered flow after 30 s';
    return nat.timeouts.udp < 120 ? `its timeout is ${nat.timeouts.udp} s` : undefined;
  },
  'RFC4787-8': filtering,
  'RFC5382-3': filtering,
  'RFC4787-9': hairpin,
  'RFC5382-8': hairpin,
  'RFC5508-7': hairpin,
  'RFC4787-11': when(overloads, 'a second host with a taken port is mapped by destination'),
  'RFC5382-4': when(
    (nat) => nat.kind !== 'none' && (nat.inbound ?? 'drop') !== 'drop',
    (nat) =>
      nat.kind !== 'none' && nat.inbound === 'reject' ? 'it refuses what is unsolicited' : 'it takes what is unsolicited for itself',
  ),
  'RFC5382-5': (nat) => (nat.kind !== 'none' && nat.timeouts.tcp < 7440 ? `its timeout is ${nat.timeouts.tcp} s` : undefined),
  'RFC5382-5-transitory': when(({ kind }) => kind === 'stock', 'Linux waits 120 s for an answer to a SYN'),
  'RFC5508-1a': when((nat) => nat.kind === 'stock' && nat.ports === 'random', 'Linux picks the id at random too'),
  'RFC5508-2': when(({ kind }) => kind === 'stock', 'Linux forgets a ping after 30 s'),
  'RFC5508-3a': () => "Linux' connection tracking does not check the header that is quoted",
  'RFC5508-8': when(blocksUdp, 'such networks drop in silence'),
};
