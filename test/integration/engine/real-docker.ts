/** The real engine for integration tests, or the reason why there is none; and an image small enough for them. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { TestFn } from 'ava';
import type { Engine } from '../../../src/engine/engine.ts';
import { LabError } from '../../../src/lib/lab-error.ts';
import { connectDocker } from '../../../src/engine/docker/docker.ts';

const run = promisify(execFile);

/** Gives `define` an engine that answers; without one a single skipped test says why. */
export async function withDocker(test: TestFn, define: (engine: Engine, image: string) => void | Promise<void>): Promise<void> {
  try {
    const engine = await connectDocker(process.env);
    await engine.facts();
    const image = await findImage();
    if (image !== undefined) await define(engine, image);
    else test.skip('real Docker: no router image here; ./edgelab images build makes it', () => undefined);
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    test.skip(`real Docker: ${error.code} ${error.message}`, () => undefined);
  }
}

export async function docker(...argv: string[]): Promise<string> {
  return (await run('docker', argv, { maxBuffer: 64 * 1024 * 1024 })).stdout.trim();
}

/** The newest router image: it has a shell, the usual tools, and a first process that waits. */
async function findImage(): Promise<string | undefined> {
  const found = await docker('image', 'ls', '--quiet', '--no-trunc', 'edgelab/router');
  return found.split('\n')[0] || undefined;
}

/** Whether the kernel has netem: tried in a container's own network, which goes with it. */
export async function hasNetem(image: string): Promise<boolean> {
  const line = 'tc qdisc replace dev lo root netem delay 1ms 2>/dev/null && echo yes || true';
  return (await docker('run', '--rm', '--cap-add=NET_ADMIN', '--entrypoint=/bin/sh', image, '-c', line)) === 'yes';
}
