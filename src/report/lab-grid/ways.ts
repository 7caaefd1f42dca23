/** By which ways the calls of a scenario went, for one line: cloud and edge, inside a LAN, across LANs. */
import { listWords } from '../../lib/names.ts';
import { sayPath } from '../../lib/path-words.ts';
import type { Check } from '../../model/check.ts';
import type { Lab } from '../../model/lab.ts';

type Relation = 'cloud and edge' | 'inside a LAN' | 'across LANs';
const relations: readonly Relation[] = ['cloud and edge', 'inside a LAN', 'across LANs'];

/** Answered calls between nodes by relation; a relation all of whose calls should have been answered and none was is `none`. */
export const describeWays = (lab: Lab, checks: readonly Check[]): string[] => {
  const calls = checks.flatMap((check) => {
    const relation = relationOf(lab, check);
    return relation === undefined ? [] : [{ check, relation }];
  });
  return relations.flatMap((relation) => {
    const own = calls.filter((call) => call.relation === relation).map(({ check }) => check);
    const ways = [...new Set(own.flatMap(({ path, observed }) => (path && observed.startsWith('reachable') ? [describePath(path)] : [])))];
    if (ways.length > 0) return [`${relation} ${listWords(ways)}`];
    const hoped = own.filter(({ expected }) => expected.startsWith('reachable'));
    return hoped.length === 0 ? [] : [`${relation} none`];
  });
};

/** What the far end took for the source is no part of the way. */
const describePath = ({ rewritten: _, ...path }: NonNullable<Check['path']>): string => sayPath(path);

/** `pod on edge-a1` or `edge-a1`, and `ClusterIP of edge-b1`: the node is the last word. */
const relationOf = ({ sites }: Lab, { from, to }: Check): Relation | undefined => {
  const siteOf = (end: string) => {
    const name = end
      .replace(/ \(.*\)$/, '')
      .split(' ')
      .at(-1);
    return sites.find(({ nodes }) => nodes.some((node) => node.name === name));
  };
  const [here, there] = [siteOf(from), siteOf(to)];
  if (
    !here ||
    !there ||
    from.split(' ').at(-1) ===
      to
        .replace(/ \(.*\)$/, '')
        .split(' ')
        .at(-1)
  )
    return undefined;
  if (!here.lan && !there.lan) return undefined;
  if (!here.lan || !there.lan) return 'cloud and edge';
  return here === there ? 'inside a LAN' : 'across LANs';
};
