/** A plan as a page for people: who is where, what each router does to packets, and the installation level by level. */
import { familiesOf } from '../lib/families.ts';
import { topologicalLevels } from '../lib/graph.ts';
import type { Lab, SiteRouter } from '../model/lab.ts';
import type { Plan, Step } from '../model/plan.ts';
import { describeNat, findNatPreset } from '../nat/nat.ts';

/** What `edgelab plan` prints: segments, routers, images, steps. `plan` must be made of `lab`. */
export const explainPlan = (plan: Plan, lab: Lab): string =>
  [plan.lab, '', ...explainSegments(plan), '', ...explainRouters(lab), ...explainImages(plan), '', ...explainSteps(plan), ''].join('\n');

function explainSegments({ networks, containers }: Plan): string[] {
  return networks.flatMap(({ name, title }) => {
    const rows = containers.flatMap((container) =>
      container.interfaces
        .filter(({ network }) => network === name)
        .map((one) => [container.name, one.name, one.addresses.join(', '), container.role]),
    );
    return [`segment ${title}`, ...layTable(rows)];
  });
}

function explainRouters(lab: Lab): string[] {
  const routers = familiesOf(lab).flatMap(({ sites }) => sites.flatMap(({ lan }) => (lan ? [lan.router] : [])));
  if (routers.length === 0) return [];
  return ['routers', ...layTable(routers.map((router) => [router.name, router.natName, describeNat(router.nat), likeOf(router)])), ''];
}

const likeOf = ({ natName }: SiteRouter): string => {
  const like = findNatPreset(natName)?.like;
  return like === undefined ? '' : `like ${like}`;
};

const explainImages = ({ images }: Plan): string[] => [
  'images',
  ...layTable([
    ['containers', images.containers.join(', ')],
    ['pods', images.store.join(', ') || '-'],
  ]),
];

/** Each level starts when all of the earlier ones are done; in truth a step starts as soon as its own needs are. */
function explainSteps({ steps, phases }: Plan): string[] {
  const levels = topologicalLevels(steps);
  return [
    `installation: ${steps.length} steps in ${levels.length} levels`,
    ...phases.map(({ id, title: text }) => `  ${text}: ${steps.filter(({ phase }) => phase === id).length} steps`),
    ...levels.flatMap((level, index) => [
      `  level ${index + 1}`,
      ...layTable(
        level.map((step) => [step.id, step.title, marks(step)]),
        4,
      ),
    ]),
  ];
}

const marks = ({ action, verifies, shown, mend, capture }: Step): string =>
  [
    ...(verifies === true ? ['proof'] : []),
    ...(shown === true ? [action.do === 'link' ? 'done by its first process' : 'shown by what it needs'] : []),
    ...(mend ? ['mends'] : []),
    ...(capture ? [`keeps ${capture.name}`] : []),
  ].join(', ');

/** Rows as lines with aligned columns; the last one and empty ones end without blanks. */
function layTable(rows: readonly (readonly string[])[], indent = 2): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => `${' '.repeat(indent)}${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd());
}
