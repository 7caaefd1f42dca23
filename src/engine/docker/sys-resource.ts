/** Whether the daemon has CAP_SYS_RESOURCE: without it no container can have it, nor any limit above the daemon's. */
import { readFile, readdir } from 'node:fs/promises';

/** linux/capability.h: CAP_SYS_RESOURCE. */
const bit = 24n;

/** Reads it from the status of the dockerd processes of this machine; null when there are none to be seen or they differ. */
export async function readSysResource(proc = '/proc'): Promise<boolean | null> {
  const pids = (await readdir(proc).catch(() => [])).filter((name) => /^\d+$/.test(name));
  const answers = new Set((await Promise.all(pids.map((pid) => readOne(`${proc}/${pid}`)))).filter((answer) => answer !== undefined));
  const [only] = answers;
  return answers.size === 1 && only !== undefined ? only : null;
}

async function readOne(folder: string): Promise<boolean | undefined> {
  const status = await readFile(`${folder}/status`, 'utf8').catch(() => '');
  const capabilities = /^Name:\s*dockerd$/m.test(status) ? /^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1] : undefined;
  return capabilities === undefined ? undefined : ((BigInt(`0x${capabilities}`) >> bit) & 1n) === 1n;
}
