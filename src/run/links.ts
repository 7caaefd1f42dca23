/** Conditions of links while a lab runs: asked, set, and found again after a restart. The container keeps what it was told. */
import type { Engine, LabName } from '../engine/engine.ts';
import { isPlain, linkStateFile, makeLinkScript, plainLink, probeLinkScript, readLinkProbe } from '../links/links.ts';
import { LabError } from '../lib/lab-error.ts';
import { listWords, suggest } from '../lib/names.ts';
import type { LinkConditions, LinkFacts, LinkPlace } from '../model/link.ts';

type Where = { engine: Engine; lab: LabName; signal?: AbortSignal };

const seconds = 20;

/** What the kernel below this container can do; half a second. */
export const probeLinks = async ({ engine, lab, container, signal }: Where & { container: string }): Promise<LinkFacts> => {
  const { stdout } = await engine.exec(lab, container, ['sh', '-c', probeLinkScript], {
    timeoutSeconds: seconds,
    ...(signal && { signal }),
  });
  return readLinkProbe(stdout);
};

/** Replaces what the link did to packets as a whole. HOST011 when the machine cannot, LINK002 when it fails. */
export const conditionLink = async (options: Where & { place: LinkPlace; conditions: LinkConditions; facts: LinkFacts }): Promise<void> => {
  const { engine, lab, place, conditions, facts, signal } = options;
  const made = makeLinkScript(place, conditions, facts);
  const name = `link of ${place.container}`;
  if ('unsupported' in made) {
    const hint = 'edgelab doctor shows what the kernel has';
    throw new LabError('HOST011', `this machine cannot condition the ${name}: ${made.unsupported}`, { hint });
  }
  const { code, stdout, stderr } = await engine.exec(lab, place.container, ['sh', '-c', made.script], {
    timeoutSeconds: seconds,
    ...(signal && { signal }),
  });
  if (code === 0) return;
  throw new LabError('LINK002', `the ${name} did not take its condition (exit code ${code})`, {
    step: `condition the ${name}`,
    outputTail: `${stdout}\n${stderr}`.trim(),
  });
};

/** What the link was told last; nothing at all where nobody ever told it anything. */
export const readLink = async ({ engine, lab, place, signal }: Where & { place: LinkPlace }): Promise<LinkConditions | undefined> => {
  const argv = ['cat', linkStateFile(place.device)];
  const { code, stdout } = await engine.exec(lab, place.container, argv, { timeoutSeconds: seconds, ...(signal && { signal }) });
  return code === 0 && stdout !== '' ? (JSON.parse(stdout) as LinkConditions) : undefined;
};

/** A link, and what it was told. */
export type FoundLink = { place: LinkPlace; conditions: LinkConditions };

/**
 * The links a name means: of a node, of a site's router (the first uplink; `site:wan1`, `site:peer0` for others), or of all
 * nodes of a site without one. LAB002 for other names.
 */
export const findLinkPlaces = async ({ engine, lab }: Where, name: string): Promise<LinkPlace[]> => {
  const containers = (await engine.list(lab)).filter(({ kind, role }) => kind === 'container' && role !== 'core');
  const [where = '', device] = name.split(':');
  const placeOf = ({ name: container, role }: (typeof containers)[number]): LinkPlace => {
    if (device?.startsWith('peer')) return { container, device };
    return role === 'router' ? { container, device: device ?? 'wan0', inner: 'lan0' } : { container, device: device ?? 'eth0' };
  };
  const node = containers.find((one) => one.name === where);
  if (node) return [placeOf(node)];
  const ofSite = containers.filter(({ site }) => site === where);
  const router = ofSite.find(({ role }) => role === 'router');
  if (ofSite.length > 0) return router ? [placeOf(router)] : ofSite.map(placeOf);
  const known = [...new Set(containers.flatMap((one) => [one.name, one.site ?? one.name]))].sort();
  throw new LabError('LAB002', `lab ${lab} has no site or node "${where}"`, { hint: `${suggest(where, known)}it has ${listWords(known)}` });
};

/** Sets one name's links and gives what they were before, so that it can be put back. */
export const changeLinks = async (where: Where, name: string, conditions: LinkConditions): Promise<FoundLink[]> => {
  const places = await findLinkPlaces(where, name);
  const before = await Promise.all(
    places.map(async (place) => ({ place, conditions: (await readLink({ ...where, place })) ?? plainLink })),
  );
  await putLinks(
    where,
    places.map((place) => ({ place, conditions })),
  );
  return before;
};

/** Gives each link its condition; HOST011 where this machine cannot make one, LINK002 where it did not take. */
export const putLinks = async (where: Where, links: readonly FoundLink[]): Promise<void> => {
  const [first] = links;
  if (!first) return;
  const facts = await probeLinks({ ...where, container: first.place.container });
  await Promise.all(links.map((link) => conditionLink({ ...where, ...link, facts })));
};

/** After a start of the container: what it was told last, else what its plan declares. */
export const restoreLink = async (where: Where, place: LinkPlace, declared: LinkConditions = plainLink): Promise<void> => {
  const conditions = (await readLink({ ...where, place })) ?? declared;
  if (!isPlain(conditions)) await putLinks(where, [{ place, conditions }]);
};
