/** `link:` of sites and nodes as conditions: presets filled in, units read, and what makes no sense reported. */
import type { Path } from '../lib/document.ts';
import { fieldUnits, findLinkPreset, linkFields, makeLink, readField } from '../links/links.ts';
import type { Site } from '../model/lab.ts';
import type { LinkCondition, LinkConditions } from '../model/link.ts';
import type { Problems } from './problems.ts';
import type { LooseTopology } from './shape.ts';

/** `link:` as written: a preset's name, or a mapping. */
type RawLink = NonNullable<NonNullable<LooseTopology['sites']>[string]>['link'];

/** The sites with their links; that of a site without a LAN is one of each of its nodes. */
export const resolveLinks = (raw: LooseTopology, sites: readonly Site[], problems: Problems): Site[] =>
  sites.map((site) => {
    const written = raw.sites?.[site.name];
    const path = ['sites', site.name];
    const own = readLink(written?.link, [...path, 'link'], problems);
    const nodes = site.nodes.map((node) => {
      const link =
        readLink(written?.nodes?.[node.name]?.link, [...path, 'nodes', node.name, 'link'], problems) ?? (site.lan ? undefined : own);
      return link ? { ...node, conditions: link } : node;
    });
    return { ...site, nodes, ...(own && site.lan ? { conditions: own } : {}) };
  });

/** What a link does to packets; undefined where nothing is said or it makes no sense. */
export const readLink = (raw: RawLink, path: Path, problems: Problems): LinkConditions | undefined => {
  if (raw === undefined) return undefined;
  if (typeof raw === 'string') return findLinkPreset(raw)?.link;
  const shared = readWay(raw, path, problems);
  const { direction = 'both' } = raw;
  const link = makeLink({
    like: raw.like === undefined ? undefined : findLinkPreset(raw.like)?.link,
    [direction]: shared,
    ...(raw.up && { up: { ...(direction === 'up' && shared), ...readWay(raw.up, [...path, 'up'], problems) } }),
    ...(raw.down && { down: { ...(direction === 'down' && shared), ...readWay(raw.down, [...path, 'down'], problems) } }),
  });
  if (!('problem' in link)) return link;
  problems.error('TOPO081', path, link.problem, 'raise the delay, or leave that out');
  return undefined;
};

type RawWay = { [Field in (typeof linkFields)[number]]?: string | number | undefined };

const readWay = (raw: RawWay, path: Path, problems: Problems): LinkCondition => {
  const condition: LinkCondition = {};
  for (const field of linkFields) {
    const text = raw[field];
    if (text === undefined) continue;
    const value = readField(field, String(text));
    if (typeof value === 'number') condition[fieldUnits[field].key] = value;
    else problems.error('TOPO080', [...path, field], value.problem, value.hint);
  }
  return condition;
};
