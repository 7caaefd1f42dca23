/** Labs for plan tests: the example topologies, and any number of strange ones. */
import { readdirSync, readFileSync } from 'node:fs';
import { fc } from '@fast-check/ava';
import type { Lab } from '../../src/model/lab.ts';
import { readLab } from '../lib/read-lab.ts';

const folder = new URL('../../topologies/', import.meta.url);

export const exampleLabs = readdirSync(folder)
  .filter((file) => file.endsWith('.yaml'))
  .sort()
  .map((file) => ({ name: file.replace('.yaml', ''), lab: readLab(readFileSync(new URL(file, folder), 'utf8'), file) }));

/** Whole labs are large: fewer runs than usual find what there is. */
export const few = { numRuns: 30 };

const dependence = fc.constantFrom('endpoint-independent', 'address-dependent', 'address-and-port-dependent');
const nat = fc.oneof(
  fc.constantFrom('full-cone', 'address-restricted', 'port-restricted', 'symmetric', 'masquerade'),
  fc.record({ mapping: dependence, filtering: dependence, ports: fc.constantFrom('preserve', 'random'), hairpinning: fc.boolean() }),
);
const lan = fc.record({
  subnet: fc.constantFrom('192.168.1.0/24', '10.8.0.0/16', '172.20.0.0/16', '192.168.128.0/28'),
  nat,
  nodes: fc.nat(5),
  role: fc.constantFrom('host', 'edge'),
});

/** A control plane, public hosts, and LANs with hosts or edges; a topology file's text, so that addresses are the real ones. */
export const anyLab: fc.Arbitrary<Lab> = fc
  .record({ publicHosts: fc.nat(4), lans: fc.array(lan, { maxLength: 6 }), flannel: fc.boolean() })
  .map(({ publicHosts, lans, flannel }) => {
    const nodes = (prefix: string, number: number, role: string) =>
      Object.fromEntries(Array.from({ length: number }, (_, index) => [`${prefix}-${index}`, { role }]));
    const sites = Object.fromEntries(
      lans.map(({ subnet, nat: kind, nodes: number, role }, index) => [
        `lan-${index}`,
        { subnet, nat: kind, nodes: nodes(`n${index}`, number, role) },
      ]),
    );
    const topology = {
      name: 'any',
      sites: { cloud: { nodes: { cloud: { role: 'control-plane' }, ...nodes('pub', publicHosts, 'host') } }, ...sites },
      install: { kubernetes: '1.32.5', flannel: { on: flannel ? ['cloud', 'edge'] : ['cloud'] }, kubeedge: '1.23.1' },
    };
    return readLab(JSON.stringify(topology), 'any.yaml');
  });
