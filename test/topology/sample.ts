/** Topologies as data for tests: read, write, and generate them. */
import fc from 'fast-check';
import { isError, renderDiagnostics } from '../../src/lib/diagnostics.ts';
import type { Lab, LabNode } from '../../src/model/lab.ts';
import { readTopology } from '../../src/topology/topology.ts';

/** JSON is YAML. */
const textOf = (topology: string | object): string => (typeof topology === 'string' ? topology : JSON.stringify(topology));

/** The lab of a text that has no errors; otherwise throws what a user would read. */
export const labOf = (topology: string | object): Lab => {
  const text = textOf(topology);
  const { lab, diagnostics } = readTopology(text, 'test.yaml');
  if (!lab) throw new Error(renderDiagnostics(diagnostics.filter(isError), new Map([['test.yaml', text]])));
  return lab;
};

/** The codes of what is wrong with a text, in the order of the file. */
export const codesOf = (topology: string | object): string[] =>
  readTopology(textOf(topology), 'test.yaml').diagnostics.map(({ code }) => code);

export const nodesOf = (lab: Lab): LabNode[] => lab.sites.flatMap(({ nodes }) => nodes);

/** Node and router names with their addresses, in a form that can be compared. */
export const addressesOf = (lab: Lab): Map<string, string> =>
  new Map([
    ...nodesOf(lab).map(({ name, address }): [string, string] => [name, address]),
    ...lab.sites.flatMap(({ lan }): [string, string][] =>
      lan
        ? [
            [`${lan.router.name} wan`, lan.router.wan],
            [`${lan.router.name} lan`, lan.router.lan],
          ]
        : [],
    ),
  ]);

type SampleSite = { subnet?: string; nat?: string; nodes: Record<string, { role: string; address?: string }> };
export type Sample = { name: string; sites: Record<string, SampleSite> };

/** Host-only labs of any shape: some public sites, some LANs of any size that has room, all names in order. */
export const anySample: fc.Arbitrary<Sample> = fc
  .array(
    fc.record({
      lan: fc.option(fc.record({ third: fc.nat(3), prefix: fc.integer({ min: 20, max: 27 }) }), { nil: undefined }),
      count: fc.nat(8),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((sites) => ({ name: 'sample', sites: Object.fromEntries(sites.map(makeSite)) }))
  .filter(({ sites }) => Object.values(sites).some(({ nodes }) => Object.keys(nodes).length > 0));

const makeSite = (
  { lan, count }: { lan?: { third: number; prefix: number } | undefined; count: number },
  index: number,
): [string, SampleSite] => {
  const nodes = Object.fromEntries(Array.from({ length: count }, (_, n) => [`n${index}-${n}`, { role: 'host' }]));
  const network = lan && `192.168.${lan.prefix < 24 ? 16 * lan.third : lan.third}.0/${lan.prefix}`;
  return [`s${index}`, { ...(network ? { subnet: network, nat: 'symmetric' } : {}), nodes }];
};
