/** `bench up`: the same lab brought up by edgelab and by a bare script in turn, so that both meet the same machine. */
import { ratioOf, toFigure, type Figure } from './figures.ts';

/** What is measured; each resolves to seconds. */
export type UpTrial = {
  up: () => Promise<number>;
  /** `up` once more on the lab that is there. */
  again: () => Promise<number>;
  down: () => Promise<number>;
  script: () => Promise<number>;
  /** Removes what the script made; not measured. */
  clear: () => Promise<void>;
  /** MiB by container, of the lab that is there. */
  memory: () => Promise<Record<string, number>>;
  /** Seconds from asking for a router's container until it reaches the lab's DNS, the slowest of the last `up`. */
  routerReady: () => number;
};

/** What `bench up` prints; `seconds` are those of edgelab's `up`. */
export type UpFigures = {
  topology: string;
  seconds: Figure;
  script: Figure;
  /** Median of edgelab over median of the script. */
  ratio: number;
  again: Figure;
  down: Figure;
  routerReady: Figure;
  /** Highest seen, MiB. */
  memory: Record<string, number>;
};

/** `topology` is its name, for the figures only. A failing part ends it. */
export const benchUp = async (topology: string, runs: number, trial: UpTrial): Promise<UpFigures> => {
  const seconds = { up: [] as number[], again: [] as number[], down: [] as number[], script: [] as number[], router: [] as number[] };
  const memory: Record<string, number> = {};
  for (let run = 0; run < runs; run++) {
    seconds.up.push(await trial.up());
    seconds.router.push(trial.routerReady());
    seconds.again.push(await trial.again());
    for (const [name, mib] of Object.entries(await trial.memory())) memory[name] = Math.max(memory[name] ?? 0, mib);
    seconds.down.push(await trial.down());
    seconds.script.push(await trial.script());
    await trial.clear();
  }
  const [up, script] = [toFigure(seconds.up), toFigure(seconds.script)];
  return {
    ...{ topology, seconds: up, script, ratio: ratioOf(up, script) },
    ...{ again: toFigure(seconds.again), down: toFigure(seconds.down), routerReady: toFigure(seconds.router), memory },
  };
};
