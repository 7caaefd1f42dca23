/** Names: legal as host names, and each used once in the lab. */
import type { Path } from '../lib/document.ts';
import { labelPattern, longestLabel } from './label-schema.ts';
import { type Problems, quote } from './problems.ts';
import type { LooseTopology } from './shape.ts';

/** Container and host name of the emulated internet's core router. */
export const coreName = 'internet-core';

/** Container and host name of a site's router. */
export const routerName = (site: string): string => `${site}-router`;

/** Room for `edgelab-<lab>-<node>` and the like within what Docker, file systems and people bear. */
const longestLabName = 40;

/** Site names that would be mistaken for another segment. */
const reservedSites = ['internet'];
/** Host names that mean something else everywhere. */
const reservedHosts = ['localhost'];

/** Reports TOPO010 to TOPO012: of the lab, sites, nodes and workloads. */
export const checkNames = (raw: LooseTopology, problems: Problems): void => {
  if (raw.name !== undefined && !isLabel(raw.name, longestLabName)) {
    problems.error('TOPO010', ['name'], `${quote(raw.name)} cannot be the name of a lab`, hintFor(raw.name, longestLabName));
  }
  const sites = Object.entries(raw.sites ?? {});
  const holders = new Map<string, string>([[coreName, 'the core router of the internet']]);
  for (const name of reservedHosts) holders.set(name, 'every machine for itself');
  for (const [site, content] of sites) {
    checkSiteName(site, problems);
    if (content && (Object.hasOwn(content, 'nat') || Object.hasOwn(content, 'subnet'))) {
      holders.set(routerName(site), `the router of site ${site}`);
    }
  }
  for (const [site, content] of sites) {
    for (const node of Object.keys(content?.nodes ?? {})) {
      checkNodeName(['sites', site, 'nodes', node], node, holders, problems);
    }
  }
  for (const workload of Object.keys(raw.workloads ?? {})) {
    checkLabel(['workloads', workload], workload, longestLabel, problems);
  }
};

const checkSiteName = (site: string, problems: Problems): void => {
  const path = ['sites', site];
  // Its router's name must be a label too.
  checkLabel(path, site, longestLabel - routerName('').length, problems);
  if (reservedSites.includes(site)) {
    problems.errorAtKey('TOPO012', path, `the name ${quote(site)} is taken by the emulated internet`, 'choose another name for the site');
  }
};

const checkNodeName = (path: Path, node: string, holders: Map<string, string>, problems: Problems): void => {
  checkLabel(path, node, longestLabel, problems);
  const holder = holders.get(node);
  if (holder === undefined) holders.set(node, `a node of site ${String(path[1])} (${problems.line(path)})`);
  else {
    const message = `node ${quote(node)} of site ${String(path[1])} has the name of ${holder}`;
    problems.errorAtKey('TOPO012', path, message, 'every node and router of a lab has a name of its own');
  }
};

const checkLabel = (path: Path, name: string, longest: number, problems: Problems): void => {
  if (!isLabel(name, longest)) problems.errorAtKey('TOPO011', path, `${quote(name)} is not a legal name`, hintFor(name, longest));
};

const isLabel = (name: string, longest: number): boolean => labelPattern.test(name) && name.length <= longest;

const hintFor = (name: string, longest: number): string => {
  const better = legalize(name, longest);
  const rule = `a to z, 0 to 9 and "-", a letter first, at most ${longest} characters`;
  return isLabel(better, longest) ? `for example "${better}"; ${rule}` : rule;
};

/** `Edge_A1` → `edge-a1`. */
const legalize = (name: string, longest: number): string =>
  name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replace(/^[-0-9]+/, '')
    .slice(0, longest)
    .replace(/-+$/, '');
