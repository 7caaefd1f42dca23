/** A site's `nat:` as a behaviour: a preset by name, or the axes with defaults filled in. */
import type { Path } from '../lib/document.ts';
import type { Door, NatBehaviour, PortAssignment } from '../model/nat.ts';
import { commonTimeouts, findNatPreset } from '../nat/nat.ts';
import type { Problems } from './problems.ts';
import { isBroken, type LooseTopology } from './shape.ts';

type RawNat = NonNullable<NonNullable<LooseTopology['sites']>[string]>['nat'];
type RawAxes = Exclude<NonNullable<RawNat>, string>;

/** Words of the file bound to behaviour; unknown presets and words were reported with the shape. */
export const resolveNat = (raw: RawNat, path: Path, problems: Problems): { behaviour: NatBehaviour; natName: string } => {
  if (typeof raw === 'string') {
    const preset = findNatPreset(raw);
    return { behaviour: preset?.behaviour ?? { kind: 'none' }, natName: preset?.name ?? raw };
  }
  const base = raw?.like === undefined ? undefined : findNatPreset(raw.like)?.behaviour;
  if (raw && base && base.kind !== 'rfc4787') checkChanges(raw, base.kind, path, problems);
  if (raw && !base && !isBroken(raw, 'like')) checkAxes(raw, path, problems);
  const timeouts = { ...timeoutsOf(base), ...definedTimeouts(raw) };
  const door = { ...doorOf(base), ...readDoor(raw) };
  if (base?.kind === 'none') return { behaviour: base, natName: 'none' };
  const natName = base ? `like ${findNatPreset(raw?.like ?? '')?.name ?? ''}` : 'custom';
  if (base && base.kind !== 'rfc4787') return { behaviour: { ...base, ...door, timeouts }, natName };
  return {
    behaviour: {
      kind: 'rfc4787',
      mapping: raw?.mapping ?? base?.mapping ?? 'endpoint-independent',
      filtering: raw?.filtering ?? base?.filtering ?? 'address-and-port-dependent',
      ports: readPorts(raw, path, problems) ?? base?.ports ?? 'preserve',
      hairpinning: raw?.hairpinning ?? base?.hairpinning ?? false,
      ...((raw?.pooling ?? base?.pooling) === 'arbitrary' && { pooling: 'arbitrary' }),
      timeouts,
      ...door,
    },
    natName,
  };
};

const timeoutsOf = (base: NatBehaviour | undefined): { udp: number; tcp: number } =>
  base && base.kind !== 'none' ? base.timeouts : commonTimeouts;

const definedTimeouts = (raw: RawAxes | undefined): { udp?: number; tcp?: number } => {
  const { udp, tcp } = raw?.timeouts ?? {};
  return { ...(udp !== undefined && { udp }), ...(tcp !== undefined && { tcp }) };
};

const doorOf = (base: NatBehaviour | undefined): Door => {
  if (!base || base.kind === 'none') return {};
  const { inbound, blocksUdp } = base;
  return { ...(inbound !== undefined && { inbound }), ...(blocksUdp !== undefined && { blocksUdp }) };
};

const readDoor = (raw: RawAxes | undefined): Door => ({
  ...(raw?.inbound !== undefined && { inbound: raw.inbound }),
  ...(raw?.udp !== undefined && { blocksUdp: raw.udp === 'block' }),
});

const checkAxes = (raw: RawAxes, path: Path, problems: Problems): void => {
  for (const axis of ['mapping', 'filtering'] as const) {
    if (Object.hasOwn(raw, axis)) continue;
    problems.errorAtKey('TOPO005', path, `missing key "${axis}"`, 'or add "like: home-router", say, for what is not said here');
  }
};

/** Behaviours that are not made of axes have fewer things to change. */
const checkChanges = (raw: RawAxes, kind: string, path: Path, problems: Problems): void => {
  // Paired is what they are.
  const free = kind === 'none' ? ['like'] : ['like', 'inbound', 'udp', 'timeouts', ...(raw.pooling === 'arbitrary' ? [] : ['pooling'])];
  for (const key of Object.keys(raw).filter((one) => !free.includes(one))) {
    const hint = `what can be changed there: ${free.slice(1).join(', ') || 'nothing'}; or leave "like" out and say mapping and filtering`;
    problems.errorAtKey('TOPO060', [...path, key], `"${key}" cannot be changed in a NAT like ${raw.like ?? ''}`, hint);
  }
};

const readPorts = (raw: RawAxes | undefined, path: Path, problems: Problems): PortAssignment | undefined => {
  const ports = raw?.ports;
  if (ports === undefined || typeof ports === 'string') return ports;
  const at = [...path, 'ports'];
  if (!Array.isArray(ports)) return readRange(ports.from, ports.to, ports['per-subscriber'], at, problems);
  if (ports.includes(undefined)) return undefined;
  if (ports.length === 2) return readRange(ports[0], ports[1], undefined, at, problems);
  problems.error('TOPO061', at, 'a port range has a first and a last port', 'for example [20000, 29999]');
  return undefined;
};

const readRange = (
  from: number | undefined,
  to: number | undefined,
  perSubscriber: number | undefined,
  at: Path,
  problems: Problems,
): PortAssignment | undefined => {
  if (from === undefined || to === undefined) return undefined;
  if (from > to) problems.error('TOPO061', at, `the port range ends at ${to}, before it begins at ${from}`, `[${to}, ${from}]`);
  else if (perSubscriber !== undefined && perSubscriber > to - from + 1)
    problems.error('TOPO061', at, `a block of ${perSubscriber} ports does not fit into ${from}-${to}`, 'make the range wider');
  return { from, to, ...(perSubscriber !== undefined && { perSubscriber }) };
};
