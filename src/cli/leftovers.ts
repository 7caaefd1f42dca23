/** What a lab leaves on a machine, if it leaves anything: in the engine, among interfaces, among mounts. */
import type { Engine, LabName } from '../engine/engine.ts';
import { runCommand } from '../host/host.ts';
import { linesOf } from '../lib/lines.ts';

/** Interfaces and mounts are this machine's; with an engine elsewhere they simply never change. */
export const look = async (engine: Engine, lab: LabName): Promise<string[]> => {
  const [owned, interfaces, mounts] = await Promise.all([
    engine.list(lab),
    lines(['ls', '/sys/class/net']),
    lines(['cut', '-d', ' ', '-f', '2', '/proc/mounts']),
  ]);
  return [
    ...owned.map(({ kind, name }) => `${kind} ${name}`),
    ...interfaces.map((name) => `interface ${name}`),
    ...mounts.map((path) => `mount ${path}`),
  ];
};

const lines = async (argv: readonly [string, ...string[]]): Promise<string[]> => linesOf((await runCommand(argv)).stdout);
