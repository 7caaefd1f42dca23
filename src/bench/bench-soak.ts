/** `bench soak`: up, run and down again and again; each round must give the same verdicts and leave nothing behind. */
import { toFigure, type Figure } from './figures.ts';

/** The parts of a round. `now` is in milliseconds since the epoch. */
export type SoakTrial = {
  up: () => Promise<void>;
  /** One line per check, in order: what was expected and observed, nothing that may differ between rounds. */
  run: () => Promise<string[]>;
  down: () => Promise<void>;
  /** What of the lab, and which interfaces and mounts, are there now. */
  look: () => Promise<string[]>;
  now: () => number;
};

/** What `bench soak` prints. */
export type SoakFigures = {
  scenario: string;
  rounds: number;
  /** Rounds whose verdicts equal the first round's. */
  identical: number;
  /** Checks per round. */
  checks: number;
  /** What differed, `round 3: cloud>podIP …`; empty when all is well. */
  differences: string[];
  /** What a round left, `round 3: interface veth…`. */
  left: string[];
  seconds: { up: Figure; run: Figure; down: Figure };
};

/** Rejects as soon as a part of a round does; checks that fail are no reason. */
export const benchSoak = async (scenario: string, rounds: number, trial: SoakTrial): Promise<SoakFigures> => {
  const seconds = { up: [] as number[], run: [] as number[], down: [] as number[] };
  const timed = async <T>(what: keyof typeof seconds, work: () => Promise<T>): Promise<T> => {
    const startedAt = trial.now();
    const result = await work();
    seconds[what].push((trial.now() - startedAt) / 1000);
    return result;
  };
  let first: string[] | undefined;
  const differences: string[] = [];
  const left: string[] = [];
  let identical = 0;
  for (let round = 1; round <= rounds; round++) {
    const before = new Set(await trial.look());
    await timed('up', trial.up);
    const verdicts = await timed('run', trial.run);
    await timed('down', trial.down);
    first ??= verdicts;
    const changed = differ(first, verdicts);
    if (changed.length === 0) identical++;
    differences.push(...changed.map((line) => `round ${String(round)}: ${line}`));
    left.push(...(await trial.look()).filter((thing) => !before.has(thing)).map((thing) => `round ${String(round)}: ${thing}`));
  }
  return {
    ...{ scenario, rounds, identical, checks: first?.length ?? 0, differences, left },
    seconds: { up: toFigure(seconds.up), run: toFigure(seconds.run), down: toFigure(seconds.down) },
  };
};

/** Lines of either side that the other does not have. */
const differ = (first: readonly string[], other: readonly string[]): string[] => [
  ...other.filter((line) => !first.includes(line)),
  ...first.filter((line) => !other.includes(line)).map((line) => `missing: ${line}`),
];
