/** A topology with something else in a few places: for grids, which try one lab in many ways. */
import { readDocument, stringify } from '../lib/document.ts';

/** What is to be different; what is absent stays. */
export type Change = {
  /** Name of the lab, so that it is no other's. */
  name?: string;
  /** Preset for every site that has a NAT, instead of what it has. */
  nat?: string;
  /** Component of `install:` → version; components that are not installed stay so. */
  versions?: Readonly<Record<string, string>>;
};

type Mapping = Record<string, unknown>;

const isMapping = (value: unknown): value is Mapping => typeof value === 'object' && value !== null && !Array.isArray(value);

const mapValues = (value: unknown, change: (one: unknown, key: string) => unknown): unknown =>
  isMapping(value) ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, change(one, key)])) : value;

/** Text of the changed topology, without its comments; a text that is no topology comes back as it is, to be explained as such. */
export const varyTopology = (text: string, { name, nat, versions = {} }: Change): string => {
  const { data, wellFormed } = readDocument(text, 'topology');
  if (!wellFormed || !isMapping(data)) return text;
  const sites = mapValues(data['sites'], (site) => (nat !== undefined && isMapping(site) && 'nat' in site ? { ...site, nat } : site));
  const install = mapValues(data['install'], (value, component) => {
    const version = versions[component];
    return version === undefined ? value : isMapping(value) ? { ...value, version } : version;
  });
  return stringify({ ...data, ...(name !== undefined && { name }), sites, ...('install' in data && { install }) });
};
