/** Runs the built program as a user does: the launcher, in the checkout, nothing imported from src. */
import { fileURLToPath } from 'node:url';
import { execa, type Result } from 'execa';

export const checkout = fileURLToPath(new URL('../..', import.meta.url));

/** Runs `./edgelab …`; never throws for a non-zero exit. */
export const edgelab = (...args: string[]): Promise<Result> =>
  execa(`${checkout}edgelab`, args, { cwd: checkout, reject: false, stdin: 'ignore' }) as Promise<Result>;

const docker = async (...args: string[]): Promise<string[]> => {
  const { stdout } = await execa('docker', args);
  return stdout.split('\n').filter((line) => line !== '');
};

/** Everything that carries the lab's label, plus host interfaces and mounts: what must be the same before and after. */
export const leftovers = async (lab: string): Promise<string[]> => [
  ...(await docker('ps', '-aq', '--filter', `label=edgelab.lab=${lab}`)),
  ...(await docker('network', 'ls', '-q', '--filter', `label=edgelab.lab=${lab}`)),
  ...(await docker('volume', 'ls', '-q', '--filter', `label=edgelab.lab=${lab}`)),
];

export type HostState = { interfaces: string[]; mounts: number; volumes: string[]; routes: string; rules: string };

export const hostState = async (): Promise<HostState> => {
  const read = async (command: string): Promise<string> => (await execa('sh', ['-c', command], { reject: false })).stdout;
  return {
    interfaces: (await read('ls /sys/class/net')).split('\n').filter((name) => /^(veth|br-)/.test(name)),
    mounts: (await read('grep -c . /proc/mounts')).length === 0 ? 0 : Number(await read('grep -c . /proc/mounts')),
    // stores are images: the first lab that needs one makes it, and it stays
    volumes: (await docker('volume', 'ls', '-q')).filter((name) => !name.startsWith('edgelab-store-')).sort(),
    routes: await read('ip route 2>/dev/null || cat /proc/net/route'),
    // Docker puts its own two jumps first anew with every network it makes, in another order when it makes two at once
    rules: await read('iptables-save 2>/dev/null | grep -v -e "^#" -e "^-A FORWARD -j DOCKER-[A-Z0-9-]*$" | sed "s/\\[[0-9:]*\\]//"'),
  };
};

export type RunDocument = {
  lab: string;
  ok: boolean;
  seconds: { up: number; scenario: number };
  scenarios: { passed: number; failed: number; skipped: number; list: { name: string; verdict: string; reason?: string }[] };
  checks: {
    id: string;
    claims?: string[];
    refutes?: string[];
    from: string;
    to: string;
    expected: string;
    observed: string;
    ok: boolean;
    evidence: { at: string; saw: string }[];
  }[];
};

/** The claims that checks speak for or against. */
export const citedBy = (checks: readonly { claims?: string[]; refutes?: string[] }[]): Set<string> =>
  new Set(checks.flatMap(({ claims = [], refutes = [] }) => [...claims, ...refutes]));
