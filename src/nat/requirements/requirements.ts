/** The requirements as one job for one container, and what its output says about each NAT. */
import type { FileSpec } from '../../model/plan.ts';
import type { RequirementResult, RequirementsTable } from '../../model/requirements.ts';
import { expectRequirement } from './deviations.ts';
import { requirements, type Requirement } from './list.ts';
import { testerProgram } from './tester.ts';
import { drawRequirementsWorld, insideHosts, makeRequirementsWorld, outsideOf, worldFolder, type TriedNat } from './world.ts';

type RequirementsJob = { nats: readonly TriedNat[]; files: FileSpec[]; script: string; timeoutSeconds: number };

/** Those that can be tried. */
const tried = requirements.filter(({ untested }) => untested === undefined);

/** One job for one container: all NATs at once, each by the tests of the three RFCs side by side. */
export const makeRequirements = (nats: readonly TriedNat[]): RequirementsJob => ({
  nats,
  files: [
    ...drawRequirementsWorld(nats),
    // what does not apply is not tried: it would only wait
    ...nats.map(({ behaviour }, index) => ({
      path: `${worldFolder}/${index}.left-out`,
      mode: 0o600,
      content: tried.flatMap((one) => (expectRequirement(one, behaviour).applies ? [] : [`${one.id}\n`])).join(''),
    })),
    { path: `${worldFolder}/world.sh`, mode: 0o600, content: makeRequirementsWorld },
    { path: `${worldFolder}/tester.pl`, mode: 0o600, content: testerProgram },
  ],
  script: `set -eu
cd ${worldFolder}
sh world.sh
for group in udp tcp icmp; do
  number=0
  while [ $number -lt ${nats.length} ]; do
    out=$number-$group
    perl tester.pl $group $number ${outsideOf(0).replace(/\d+$/, '')}$((number + 2)) ${insideHosts.join(' ')} > "$out.out" 2> "$out.err" &
    number=$((number + 1))
  done
done
wait
cat ./*.err >&2
for out in *.out; do sed "s/^/\${out%-*}\\t/" "$out"; done`,
  timeoutSeconds: 300,
});

/** `output`: lines of number, test, outcome, observation. */
export const readRequirements = ({ nats }: RequirementsJob, output: string): RequirementsTable => {
  const said = new Map(
    output.split('\n').flatMap((line) => {
      const [number, id, outcome, seen = ''] = line.split('\t');
      return id === undefined || outcome === undefined ? [] : [[`${number} ${id}`, { outcome, seen }] as const];
    }),
  );
  return {
    requirements: requirements.map(({ id, level, text, untested }) => ({ id, level, text, ...(untested !== undefined && { untested }) })),
    nats: nats.map(({ name }) => name),
    results: nats.flatMap((nat, index) => tried.map((requirement) => judge(requirement, nat, said.get(`${index} ${requirement.id}`)))),
  };
};

/** What breaks a requirement by its nature must really break it: a declaration that is wrong either way is a mismatch. */
const judge = (requirement: Requirement, { name, behaviour }: TriedNat, said?: { outcome: string; seen: string }): RequirementResult => {
  const expected = expectRequirement(requirement, behaviour);
  const about = { nat: name, requirement: requirement.id };
  if (!expected.applies) return { ...about, verdict: 'not applicable', seen: expected.why };
  if (!said || said.outcome === 'broken') return { ...about, verdict: 'not measured', seen: said?.seen ?? 'nothing was said' };
  const holds = said.outcome === 'holds';
  if (holds && expected.holds) return { ...about, verdict: 'holds', seen: said.seen };
  if (!holds && !expected.holds) return { ...about, verdict: 'by design', seen: said.seen, why: expected.why };
  return { ...about, verdict: holds ? 'holds against expectation' : 'fails', seen: said.seen };
};
