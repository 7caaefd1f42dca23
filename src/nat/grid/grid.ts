/** The hole-punch grid as data: what is tried, everything its container needs for it, and how its output is read. */
import type { FileSpec } from '../../model/plan.ts';
import type { Grid, PunchCell, PunchProtocol, PunchResult } from '../../model/grid.ts';
import { responderProgram, stunPorts } from '../proof/responder.ts';
import type { GridKind } from './kinds.ts';
import { expectPunch } from './oracle.ts';
import { puncherProgram } from './puncher.ts';
import { drawWorld, gridFolder, gridInternet, hostName, makeWorld } from './world.ts';

/** Seconds a punch is tried. It takes milliseconds, or the time of two TCP attempts that crossed; a busy machine takes its time between two packets. */
const patience = { udp: 4, tcp: 6 } as const;

/** Local ports of rows and columns; each cell has its own. */
const firstPorts = [20_000, 25_000] as const;

/** Which trials a grid is made of: every kind with every kind, over each protocol. */
export type GridSelection = {
  kinds: readonly GridKind[];
  protocols: readonly PunchProtocol[];
  /** Only the first kind as row and the last as column. */
  one: boolean;
};

type Trial = PunchCell & { row: number; column: number };

/** Cells by protocol, row and column. All are tried at once, by two hosts of each kind. */
export function makeGrid({ kinds, protocols, one }: GridSelection): Grid {
  const rows = kinds.map((kind, index) => ({ kind, index }));
  const trials: Trial[] = protocols.flatMap((protocol) =>
    (one ? rows.slice(0, 1) : rows).flatMap((row) =>
      (one ? rows.slice(-1) : rows).map((column) => ({
        ...{ a: row.kind.name, b: column.kind.name, protocol, row: row.index, column: column.index },
        expected: expectPunch(row.kind, column.kind, protocol),
      })),
    ),
  );
  const jobs = Map.groupBy(
    trials.flatMap((trial, cell) => listJobs(trial, cell)),
    ({ host }) => host,
  );
  const files: FileSpec[] = [
    ...drawWorld(kinds),
    file('world.sh', makeWorld),
    file('stun.pl', responderProgram),
    file('punch.pl', puncherProgram),
    ...[...jobs].map(([host, list]) => file(`${host}.jobs`, list.map(({ line }) => `${line}\n`).join(''))),
  ];
  return {
    kinds: kinds.map(({ name }) => name),
    cells: trials.map(({ a, b, protocol, expected }) => ({ a, b, protocol, expected })),
    files,
    script: runAll(jobs.size),
    timeoutSeconds: 100,
  };
}

const file = (name: string, content: string): FileSpec => ({ path: `${gridFolder}/${name}`, mode: 0o600, content });

const listJobs = ({ row, column, protocol }: Trial, cell: number): { host: string; line: string }[] => {
  const [left, right] = [hostName(row, 0), hostName(column, 1)];
  return [
    { host: left, line: `${cell} ${protocol} ${firstPorts[0] + cell} ${right}` },
    { host: right, line: `${cell} ${protocol} ${firstPorts[1] + cell} ${left}` },
  ];
};

/** The world, its STUN server, then every host at once; prints what each host said. */
const runAll = (hosts: number): string => `set -eu
cd ${gridFolder}
mkdir mapped
sh world.sh
perl stun.pl ${gridInternet.address} ${gridInternet.otherAddress} ${stunPorts.first} ${stunPorts.second} > stun.log 2>&1 &
until grep -q ready stun.log; do kill -0 $! 2>/dev/null || { cat stun.log >&2; exit 1; }; sleep 0.02; done
for jobs in h*.jobs; do
  host=\${jobs%.jobs}
  ip netns exec "$host" perl punch.pl "$host" ${hosts} ${patience.udp} ${patience.tcp} < "$jobs" > "$host.out" 2> "$host.err" &
  echo $! >> running
done
while read -r one; do wait "$one" || { cat ./*.err >&2; exit 1; }; done < running
cat ./*.out`;

/** A punch has worked when both hosts say so. */
export function readGrid({ cells }: Grid, output: string): PunchResult[] {
  const said = new Map<number, number[]>();
  for (const line of output.split('\n')) {
    const [, cell, milliseconds] = /^(\d+) (\d+)$/.exec(line) ?? [];
    if (cell !== undefined) said.set(Number(cell), [...(said.get(Number(cell)) ?? []), Number(milliseconds)]);
  }
  return cells.map((cell, index) => {
    const both = said.get(index) ?? [];
    return both.length === 2 ? { ...cell, seen: true, milliseconds: Math.max(...both) } : { ...cell, seen: false };
  });
}
