/** Where the Docker engine is: DOCKER_HOST, else the Docker command line's current context, else the default socket. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LabError } from '../../lib/lab-error.ts';

/** Environment variables as `process.env` has them. */
export type Environment = Record<string, string | undefined>;

type Tls = { ca?: Buffer; cert?: Buffer; key?: Buffer };

/** An engine's address, with the certificates it is to be asked with. */
export type Endpoint = {
  /** `unix:///var/run/docker.sock`, `tcp://host:2376`, `ssh://user@host`. */
  url: string;
  tls?: Tls;
};

const defaultSocket = 'unix:///var/run/docker.sock';

/** `home` is the user's home directory, where the contexts are kept. */
export async function findEndpoint(environment: Environment, home: string): Promise<Endpoint> {
  const host = environment['DOCKER_HOST'];
  if (host) return fromEnvironment(host, environment);
  const configuration = environment['DOCKER_CONFIG'] ?? join(home, '.docker');
  const context = environment['DOCKER_CONTEXT'] ?? (await currentContext(configuration));
  return context === undefined || context === 'default' ? { url: defaultSocket } : readContext(configuration, context);
}

async function fromEnvironment(host: string, environment: Environment): Promise<Endpoint> {
  const url = host.includes('://') ? host : `tcp://${host}`;
  const certificates = environment['DOCKER_CERT_PATH'];
  return environment['DOCKER_TLS_VERIFY'] && certificates ? { url, tls: await readTls(certificates) } : { url };
}

async function currentContext(configuration: string): Promise<string | undefined> {
  const parsed = parseJson(await readText(join(configuration, 'config.json')));
  return typeof parsed?.['currentContext'] === 'string' ? parsed['currentContext'] : undefined;
}

/** The command line keeps a context under the SHA-256 of its name. */
async function readContext(configuration: string, name: string): Promise<Endpoint> {
  const id = createHash('sha256').update(name).digest('hex');
  const meta = parseJson(await readText(join(configuration, 'contexts', 'meta', id, 'meta.json')));
  const url = (meta as { Endpoints?: { docker?: { Host?: string } } } | undefined)?.Endpoints?.docker?.Host;
  if (url === undefined) {
    throw new LabError('HOST001', `the Docker context "${name}" cannot be read`, {
      step: 'find the Docker engine',
      hint: 'docker context ls shows the contexts there are; docker context use default goes back to the local engine',
    });
  }
  const tls = await readTls(join(configuration, 'contexts', 'tls', id, 'docker'));
  return url.startsWith('tcp://') && tls.ca ? { url, tls } : { url };
}

async function readTls(folder: string): Promise<Tls> {
  const [ca, cert, key] = await Promise.all(
    ['ca', 'cert', 'key'].map((name) => readFile(join(folder, `${name}.pem`)).catch(() => undefined)),
  );
  return { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) };
}

function readText(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}

function parseJson(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
