/** Steps that give links their conditions, when all that is measured at `up` has been. */
import { describeLink, isPlain } from '../links/links.ts';
import type { Lab } from '../model/lab.ts';
import type { LinkConditions, LinkPlace } from '../model/link.ts';
import type { Step } from '../model/plan.ts';

/** The near end of every link of a lab: of a LAN its router's way out, between sites the first one's, of a node its only interface. */
const listLinks = ({ sites, links = [] }: Lab): { place: LinkPlace; conditions: LinkConditions | undefined }[] => [
  ...sites.flatMap(({ lan, conditions }) =>
    lan ? [{ place: { container: lan.router.name, device: 'wan0', inner: 'lan0' }, conditions }] : [],
  ),
  ...links.flatMap(({ ends: [{ site, device }], conditions }) => {
    const container = sites.find(({ name }) => name === site)?.lan?.router.name;
    return container === undefined ? [] : [{ place: { container, device }, conditions }];
  }),
  ...sites.flatMap(({ nodes }) => nodes.map(({ name, conditions }) => ({ place: { container: name, device: 'eth0' }, conditions }))),
];

/**
 * Steps with those for conditions behind the wiring of their container. They wait for what measures the network, which
 * knows no lossy links; what is installed meanwhile does not wait for them.
 */
export const withConditions = (lab: Lab, steps: readonly Step[]): Step[] => {
  const measured = steps.filter(({ id }) => /^(online|nat6?|isolation6?):/.test(id)).map(({ id }) => id);
  return steps.concat(
    listLinks(lab).flatMap(({ place, conditions }): Step[] => {
      const { container, device } = place;
      const main = device === 'wan0' || device === 'eth0';
      const link = steps.find(({ id }) => id === `link:${container}`);
      if (!link || !conditions || isPlain(conditions)) return [];
      return [
        {
          id: `condition:${container}${main ? '' : `:${device}`}`,
          title: `${main ? 'link' : device} of ${container}: ${describeLink(conditions)}`,
          phase: link.phase,
          needs: [link.id, ...measured],
          action: { do: 'condition', container, place, conditions },
          timeoutSeconds: 20,
        },
      ];
    }),
  );
};
