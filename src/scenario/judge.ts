/** Compares what was expected with what was seen, and puts the reason into words. Pure. */
import { explainFlow, findAnswerer, findLoss, findPath, innermost, listHops, type Flow, type Scene } from '../evidence/evidence.ts';
import type { Check, Evidence, Path, ReachOutcome } from '../model/check.ts';
import type { Observation } from '../probes/probes.ts';
import type { Attempt } from './attempts.ts';
import type { Outcome } from './round.ts';

/** `path`: one of these; `source`: an address without its port, as the server saw it. What is absent is not looked at. */
export type Expected = { outcome: ReachOutcome; path?: readonly Path['kind'][]; source?: string };

/** What one outcome means for its check, and whether another try could mean something else. */
export type Judgement = Pick<Check, 'expected' | 'observed' | 'ok' | 'how' | 'path' | 'sourceSeen' | 'evidence'> & {
  /** Nothing later can change it: something answered that was expected to be out of reach. */
  final: boolean;
};

/** The check's own part of what was seen: whether it holds, where it went, why not. */
export const judge = (expected: Expected, outcome: Outcome, scene: Scene): Judgement => {
  const { observation, attempt, flow, translation, tunnel } = outcome;
  const seen = withAnswerer(observation, attempt, flow, scene);
  const source = seen.sourceSeen?.replace(/:\d+$/, '');
  const path = seen.outcome === 'reachable' ? withSource(chooseWay(outcome, scene), outcome, source) : chooseLoss(outcome, seen, scene);
  const ok =
    seen.outcome === expected.outcome &&
    (expected.path === undefined || expected.path.includes(path?.kind ?? 'unknown')) &&
    (expected.source === undefined || expected.source === source);
  return {
    expected: [
      expected.outcome,
      ...(expected.path ? [expected.path.join(' or ')] : []),
      ...(expected.source === undefined ? [] : [`source ${expected.source}`]),
    ].join(', '),
    observed: [
      seen.outcome,
      ...(expected.path && path ? [path.kind] : []),
      ...(expected.source !== undefined && source !== undefined ? [`source ${source}`] : []),
    ].join(', '),
    ok,
    final: !ok && seen.outcome === 'reachable' && expected.outcome !== 'reachable',
    how: explain(seen, attempt !== undefined && attempt.host === undefined, outcome, scene),
    ...(path ? { path } : {}),
    ...(source === undefined ? {} : { sourceSeen: source }),
    evidence: [
      ...(attempt ? [describeProbe(attempt, seen)] : [{ at: 'edgelab', saw: seen.why }]),
      ...(attempt && translation && translation.to !== translation.becomes
        ? [{ at: `${attempt.node} conntrack`, saw: `${translation.to} translated to ${translation.becomes}` }]
        : []),
      ...(tunnel?.path.kind === 'lost' ? markLast(tunnel.evidence) : (tunnel?.evidence ?? [])),
      ...(flow ? listHops(flow, scene, path?.kind === 'lost' && tunnel?.path.kind !== 'lost') : []),
    ],
  };
};

/** A tunnel's own records go before captures, which see only what its agents make of the flow. */
const chooseWay = ({ attempt, flow, tunnel }: Outcome, scene: Scene): Path | undefined => {
  if (tunnel && tunnel.path.kind !== 'lost') return tunnel.path;
  const path = flow && findPath(flow, scene);
  const left = attempt?.far !== undefined && attempt.far.to !== attempt.node;
  return path?.kind === 'local' && left ? { kind: 'unknown', through: [] } : path;
};

const markLast = (rows: readonly Evidence[]): Evidence[] =>
  rows.map((row, index) => (index === rows.length - 1 ? { ...row, last: true } : row));

/** Lost is what got no answer; who was refused, or told that there is no way, got one. */
const chooseLoss = ({ flow, tunnel }: Outcome, { outcome }: Observation, scene: Scene): Path | undefined => {
  if (tunnel?.path.kind === 'lost') return tunnel.path;
  return outcome === 'timeout' || outcome === 'unreachable' ? flow && findLoss(flow, scene) : undefined;
};

/** The source that the far end saw, where it is not the sender's own. */
const withSource = (path: Path | undefined, { flow, attempt }: Outcome, seen: string | undefined): Path | undefined => {
  const [first, last] = [flow?.requests[0], flow?.requests.at(-1)];
  const own = (first && innermost(first).src) ?? attempt?.pod;
  const arrived = seen ?? (last && innermost(last).src);
  return path === undefined || own === undefined || arrived === undefined || arrived === own ? path : { ...path, rewritten: arrived };
};

/** An answer counts only when it came from the target: another host may have the same address on its own LAN. */
const withAnswerer = (observation: Observation, attempt: Attempt | undefined, flow: Flow | undefined, scene: Scene): Observation => {
  if (observation.outcome !== 'reachable' || !attempt?.answerer) return observation;
  const { pod, node } = attempt.answerer;
  if (pod !== undefined && observation.server !== undefined && observation.server !== pod)
    return { ...observation, outcome: 'unreachable', why: `${observation.server} answered instead of ${pod}` };
  const by = flow && findAnswerer(flow);
  const namesake = node !== undefined && by !== undefined && by !== node && shareAddress(scene, by, node);
  return namesake
    ? { ...observation, outcome: 'unreachable', why: `${by} answered instead of ${node}: it has the same address on its own LAN` }
    : observation;
};

const shareAddress = (scene: Scene, a: string, b: string): boolean => {
  const addresses = (name: string): string[] => (scene.wires.get(name) ?? []).flatMap((wire) => [...wire.addresses]);
  return addresses(a).some((address) => addresses(b).includes(address));
};

const explain = (seen: Observation, byName: boolean, { flow, tunnel }: Outcome, scene: Scene): string => {
  if (seen.why.includes('answered instead') || seen.outcome === 'inconclusive' || (!flow && !tunnel)) return seen.why;
  const lookup = seen.lookupFailed === true ? 'name lookup: ' : byName && seen.resolved !== undefined ? `name is ${seen.resolved}; ` : '';
  const server =
    seen.outcome === 'reachable' && seen.sourceSeen !== undefined ? `; server saw ${seen.sourceSeen.replace(/:\d+$/, '')}` : '';
  const carried = tunnel && (seen.outcome === 'reachable' || tunnel.path.kind === 'lost') ? tunnel.how : undefined;
  return `${lookup}${carried ?? (flow ? explainFlow(flow, scene, seen.outcome) : seen.why)}${server}`;
};

const describeProbe = ({ node, pod, argv, shown }: Attempt, seen: Observation): Evidence => ({
  at: pod === undefined ? node : `${node} pod ${pod}`,
  saw: `${seen.why}${seen.sourceSeen === undefined ? '' : `, which saw ${seen.sourceSeen}`}${seen.milliseconds === undefined ? '' : `, ${seen.milliseconds} ms`}`,
  raw: shown ?? argv.join(' '),
});
