import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { findEndpoint } from '../../../src/engine/docker/endpoint.ts';
import { throwsLabError } from '../contract.ts';

async function makeHome(t: ExecutionContext, contexts: Record<string, string>, current?: string): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'edgelab-'));
  t.teardown(() => rm(home, { recursive: true }));
  for (const [name, Host] of Object.entries(contexts)) {
    const folder = join(home, '.docker/contexts/meta', createHash('sha256').update(name).digest('hex'));
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'meta.json'), JSON.stringify({ Name: name, Endpoints: { docker: { Host } } }));
  }
  if (current !== undefined) {
    await mkdir(join(home, '.docker'), { recursive: true });
    await writeFile(join(home, '.docker/config.json'), JSON.stringify({ currentContext: current }));
  }
  return home;
}

test('without anything said it is the default socket', async (t) => {
  t.deepEqual(await findEndpoint({}, await makeHome(t, {})), { url: 'unix:///var/run/docker.sock' });
  t.deepEqual(await findEndpoint({}, await makeHome(t, {}, 'default')), { url: 'unix:///var/run/docker.sock' });
});

test('DOCKER_HOST goes before the context', async (t) => {
  const home = await makeHome(t, { far: 'ssh://me@far' }, 'far');
  t.deepEqual(await findEndpoint({ DOCKER_HOST: 'unix:///run/other.sock' }, home), { url: 'unix:///run/other.sock' });
  t.deepEqual(await findEndpoint({ DOCKER_HOST: 'localhost:1234' }, home), { url: 'tcp://localhost:1234' });
});

test('the current context is used, and DOCKER_CONTEXT before it', async (t) => {
  const home = await makeHome(t, { far: 'ssh://me@far', near: 'unix:///run/near.sock' }, 'far');
  t.deepEqual(await findEndpoint({}, home), { url: 'ssh://me@far' });
  t.deepEqual(await findEndpoint({ DOCKER_CONTEXT: 'near' }, home), { url: 'unix:///run/near.sock' });
});

test('a context that is not there is HOST001 with its name', async (t) => {
  await throwsLabError(t, findEndpoint({ DOCKER_CONTEXT: 'gone' }, await makeHome(t, {})), 'HOST001', /"gone"/);
});
