/** What the agents of an EdgeMesh that finds no relay say of it. */
import type { Expect, LabHandle, NodeHandle } from 'edgelab';
import { cast } from '../question-1/cast.ts';
import { readLog, type LogLine } from './agent-log.ts';

/** Of the agent on a node. */
const readWord = (node: NodeHandle, word: string): Promise<LogLine[]> => readLog(node, 'edgemesh-agent', [word]);

const finderStarts = 'Starting relay finder';

export const checkReady = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const { edges } = cast(lab);
  for (const edge of edges) {
    const [[connected], [looking]] = await Promise.all([readWord(edge, '[Bootstrap] success'), readWord(edge, finderStarts)]);
    const observed = [connected && 'connected', looking && 'looking'].filter((word) => word !== undefined).join(', ');
    expect.equal(observed, 'connected, looking', 'the relay', {
      from: edge.name,
      how: 'the agent has bootstrapped with the relay and started its relay finder',
      evidence: [connected, looking].flatMap((line) => (line ? [{ at: `${edge.name} edgemesh-agent`, saw: line.text }] : [])),
    });
  }
};

/** Waits until each agent has had time for so many looks. */
export const looked = async (lab: LabHandle, expect: Expect, looks: number): Promise<void> => {
  const period = lab.install.edgemesh?.finderPeriod ?? 0;
  const wanted = looks * period;
  for (const edge of cast(lab).edges) {
    await expect.eventually(`time for ${String(looks)} looks for a relay`, '120s', async () => {
      const [started] = await readWord(edge, finderStarts);
      const { text } = await edge.$`date +%s`;
      const seconds = started === undefined ? 0 : Number(text) - started.at / 1000;
      return {
        holds: seconds >= wanted,
        from: edge.name,
        expected: 'has passed',
        observed: seconds >= wanted ? 'has passed' : `${seconds.toFixed(0)} s since the first`,
        how: `it looks every ${String(period)} s`,
        evidence: started ? [{ at: `${edge.name} edgemesh-agent`, saw: started.text }] : [],
      };
    });
  }
};

/** The relay's answers to each edge's agent that dialled through it somebody without a place (circuit v2 of libp2p, status 204). */
export const readRefusals = (lab: LabHandle): Promise<LogLine[][]> =>
  Promise.all(cast(lab).edges.map((edge) => readWord(edge, 'NO_RESERVATION (204)')));

/** `before`: those that were there already. */
export const checkRefusals = async (lab: LabHandle, expect: Expect, before: readonly LogLine[][]): Promise<void> => {
  const refusals = await readRefusals(lab);
  for (const [index, edge] of cast(lab).edges.entries()) {
    const said = refusals[index]!.slice(before[index]!.length);
    expect.that(said.length > 0, 'answer of the relay', {
      from: edge.name,
      expected: 'NO_RESERVATION (204)',
      observed: said.length > 0 ? 'NO_RESERVATION (204)' : 'not in the log',
      how: `the callee has no place there; dials through the relay that were answered so: ${String(said.length)}`,
      evidence: said.slice(-1).map(({ text }) => ({ at: `${edge.name} edgemesh-agent`, saw: text })),
    });
  }
};
