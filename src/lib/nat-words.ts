/** A behaviour in words, for plans, pictures and progress lines. */
import type { Dependence, Door, NatBehaviour, PortAssignment } from '../model/nat.ts';

/** Abbreviations of the RFC 4787 literature: EI, AD, APD followed by M(apping) or F(iltering). */
const short: Record<Dependence, string> = {
  'endpoint-independent': 'EI',
  'address-dependent': 'AD',
  'address-and-port-dependent': 'APD',
};

/** `EIM/APDF, ports preserved`: mapping and filtering as STUN testers print them. */
export function describeNat(behaviour: NatBehaviour): string {
  switch (behaviour.kind) {
    case 'none':
      return 'no NAT';
    case 'firewall':
      return ['no NAT, only answers come in', ...describeDoor(behaviour)].join(', ');
    case 'ipv6': {
      const { filtering, prefix } = behaviour;
      const lets = filtering === 'open' ? 'everybody gets in' : `${short[filtering]}F`;
      return [prefix === undefined ? 'IPv6 as it is' : `IPv6 as ${prefix}`, lets, ...describeDoor(behaviour)].join(', ');
    }
    case 'stock': {
      const looks = behaviour.ports === 'random' ? 'APDM/APDF, random ports' : 'looks EIM/APDF, ports overloaded';
      return [looks, ...describeDoor(behaviour)].join(', ');
    }
    case 'one-to-one':
      return [`1:1, ${short[behaviour.filtering]}F`, ...describeDoor(behaviour)].join(', ');
    case 'rfc4787': {
      const { mapping, filtering, ports, hairpinning, pooling } = behaviour;
      return [
        `${short[mapping]}M/${short[filtering]}F`,
        describePorts(ports),
        ...(hairpinning ? ['hairpinning'] : []),
        ...(pooling === 'arbitrary' ? ['arbitrary pooling'] : []),
        ...describeDoor(behaviour),
      ].join(', ');
    }
  }
}

function describePorts(ports: PortAssignment): string {
  if (ports === 'preserve') return 'ports preserved';
  if (typeof ports === 'string') return `${ports} ports`;
  const range = `ports ${ports.from}-${ports.to}`;
  return ports.perSubscriber === undefined ? range : `${range} in blocks of ${ports.perSubscriber}`;
}

const describeDoor = ({ inbound = 'drop', blocksUdp = false }: Door): string[] => [
  ...(blocksUdp ? ['UDP blocked'] : []),
  ...(inbound === 'drop' ? [] : [`unsolicited ${inbound}ed`]),
];
