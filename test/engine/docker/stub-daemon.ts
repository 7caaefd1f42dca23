/** A daemon for tests that answers what it is told to, on a socket of its own. */
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';

export type StubAnswer = { status?: number; body?: unknown } | 'silence';

/** `answer` gets `POST /networks/create` and the like, with the body; what it does not know is an empty list. Returns the socket's URL. */
export async function startStubDaemon(
  t: ExecutionContext,
  answer: (request: string, body: unknown) => StubAnswer | undefined | Promise<StubAnswer | undefined>,
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'edgelab-'));
  const path = join(folder, 'docker.sock');
  const server = createServer((request, response) => void reply(request, response, answer));
  await new Promise<void>((resolve) => server.listen(path, resolve));
  t.teardown(async () => {
    server.closeAllConnections();
    server.close();
    await rm(folder, { recursive: true });
  });
  return `unix://${path}`;
}

async function reply(request: IncomingMessage, response: ServerResponse, answer: Parameters<typeof startStubDaemon>[1]): Promise<void> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  const said = await answer(
    `${request.method ?? ''} ${(request.url ?? '').replace(/\?.*/, '')}`,
    text === '' ? undefined : JSON.parse(text),
  );
  if (said === 'silence') return;
  response.writeHead(said?.status ?? 200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(said?.body ?? []));
}
