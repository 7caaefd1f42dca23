/** Runs cases of Kubernetes' node conformance on one edge of each site, all at once. */
import type { Expect, LabHandle, NodeHandle } from 'edgelab';
import { castEdges, describeNat, makeReader, type PodObject, type Reader } from './cast.ts';
import type { ConformanceCase } from './case.ts';
import { outputCases, outputObjects } from './outputs.ts';
import { stateCases, stateObjects } from './states.ts';
import { streamCases } from './streams.ts';
import { volumeCases, volumeObjects } from './volumes.ts';
import type { Place } from './objects.ts';

const cases: ConformanceCase[] = [...outputCases, ...volumeCases, ...stateCases, ...streamCases];

export const conformanceObjects = (place: Place): object[] => [outputObjects, volumeObjects, stateObjects].flatMap((make) => make(place));

export const checkConformance = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const read = makeReader(lab);
  await Promise.all(castEdges(lab).flatMap((edge) => cases.map((one) => checkCase(lab, expect, read, edge, one))));
};

const checkCase = (lab: LabHandle, expect: Expect, read: Reader, edge: NodeHandle, one: ConformanceCase): Promise<unknown> => {
  const name = `${one.pod}-${edge.name}`;
  return expect.eventually(one.name, '150s', async () => {
    const pod: PodObject | undefined = (await read()).find(({ metadata }) => metadata.name === name);
    const details = { from: edge.name, how: `pod ${name}, behind ${describeNat(lab, edge)}` };
    if (!pod) return { holds: false, ...details, observed: 'no pod' };
    const { expected, observed } = await one.look({ lab, edge, pod });
    return { holds: observed === expected, ...details, expected, observed };
  });
};
