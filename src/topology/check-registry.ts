/** The registry in the lab: which node it is on, and who can reach it there. */
import { runsContainers } from '../lib/containers.ts';
import { listWords, suggest } from '../lib/names.ts';
import type { Install } from '../model/install.ts';
import { type Problems, quote } from './problems.ts';
import type { ResolvedSites } from './resolve-sites.ts';
import type { LooseTopology } from './shape.ts';

/** Without a word on it the registry is on the control plane, else on the first host with a runtime. */
export const placeRegistry = (install: Install, { nodes }: ResolvedSites): Install => {
  if (!install.registry || install.registry.node !== '') return install;
  const node = nodes.find(({ role }) => role === 'control-plane') ?? nodes.find(runsContainers);
  return { ...install, registry: { node: node?.name ?? '' } };
};

/** Reports TOPO105; the registry must have been placed. */
export const checkRegistry = (raw: LooseTopology, install: Install, { nodes, complete }: ResolvedSites, problems: Problems): void => {
  if (!install.registry) return;
  const path = ['install', 'registry'];
  const takers = nodes.filter(runsContainers);
  const keeper = takers.find(({ name }) => name === install.registry?.node);
  if (!keeper) {
    if (!complete) return;
    const written = raw.install?.registry?.on;
    const names = takers.map(({ name }) => name);
    const there = `nodes that run containers: ${names.length > 0 ? listWords(names) : 'none'}`;
    if (written === undefined) problems.errorAtKey('TOPO105', path, 'no node of the lab runs containers, which a registry needs', there);
    else problems.error('TOPO105', [...path, 'on'], `no registry can run on ${quote(written)}`, `${suggest(written, names)}${there}`);
    return;
  }
  const outsiders = takers.filter(({ site }) => site !== keeper.site);
  if (!keeper.behindNat || outsiders.length === 0) return;
  const message = `the registry on ${quote(keeper.name)} is behind a NAT, so ${listWords(outsiders.map(({ name }) => quote(name)))} cannot reach it`;
  problems.errorAtKey('TOPO105', path, message, 'put it on a node of a site without "nat" and "subnet"');
};
