/** The client for an endpoint, and its failures in edgelab's words. */
import Docker from 'dockerode';
import { LabError } from '../../lib/lab-error.ts';
import type { Endpoint, Environment } from './endpoint.ts';

/** A client together with the address it talks to, for messages. */
export type Connection = { docker: Docker; url: string };

/**
 * Makes the client and sends nothing yet. HOST001 for an address that is none, or whose protocol is not unix, tcp, http, https or ssh;
 * SSH_AUTH_SOCK is all that is read of the environment.
 */
export function openConnection(endpoint: Endpoint, environment: Environment): Connection {
  const { url } = endpoint;
  try {
    return { docker: new Docker({ ...explicit, ...clientOptions(endpoint, environment) }), url };
  } catch (cause) {
    const hint = 'DOCKER_HOST looks like unix:///var/run/docker.sock, tcp://host:2376 or ssh://user@host';
    throw new LabError('HOST001', `"${url}" is no address of a Docker engine`, { step: 'find the Docker engine', hint }, { cause });
  }
}

/** Named so that the client library does not fill them from the environment a second time. */
const explicit = { host: undefined, port: undefined, socketPath: undefined, protocol: undefined };

function clientOptions({ url, tls }: Endpoint, environment: Environment): Docker.DockerOptions {
  const { protocol, hostname, port, pathname, username } = new URL(url);
  if (protocol === 'unix:') return { socketPath: pathname || '/var/run/docker.sock' };
  if (protocol === 'ssh:') {
    const agent = environment['SSH_AUTH_SOCK'];
    return { protocol: 'ssh', host: hostname, port: port || 22, username, ...(agent && { sshOptions: { agent } }) };
  }
  if (protocol === 'tcp:' || protocol === 'http:' || protocol === 'https:') {
    const secure = tls !== undefined || protocol === 'https:';
    return { protocol: secure ? 'https' : 'http', host: hostname, port: port || (secure ? 2376 : 2375), ...tls };
  }
  throw new Error(`unknown protocol ${protocol}`);
}

/** What the client library rejects with: a system error, or Docker's answer with its status. */
type ClientError = Error & { code?: string; statusCode?: number; json?: { message?: string } };

/** Docker's status for a refused request; undefined when there was no answer. */
export function statusOf(error: unknown): number | undefined {
  return (error as ClientError | undefined)?.statusCode;
}

/** Docker's own sentence about a failure. */
export function messageOf(error: unknown): string {
  const { json, message } = error as ClientError;
  return (json?.message ?? message).trim();
}

/** Runs one request; a failure becomes HOST001 (no answer) or ENGINE001 (refused), a LabError stays what it is. */
export async function ask<T>({ url }: Connection, step: string, request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (error) {
    if (error instanceof LabError) throw error;
    if (statusOf(error) === undefined && isSystemError(error)) throw notAnswering(url, error);
    throw new LabError(
      'ENGINE001',
      `Docker could not ${step}: ${messageOf(error)}`,
      { step, lastObservation: messageOf(error) },
      { cause: error },
    );
  }
}

/** HOST001, with a hint that depends on the system's code in `cause` (`EACCES`, `ENOENT`, `ECONNREFUSED`). */
export function notAnswering(url: string, cause: unknown): LabError {
  const { code = '', message } = cause as ClientError;
  return new LabError(
    'HOST001',
    `no Docker engine answers at ${url}`,
    { step: 'ask the Docker engine', lastObservation: message, hint: hintFor(code) },
    { cause },
  );
}

function isSystemError(error: unknown): boolean {
  return typeof (error as ClientError | undefined)?.code === 'string';
}

function hintFor(code: string): string {
  if (code === 'EACCES' || code === 'EPERM')
    return 'this user may not open the socket: run as root, or join the group "docker" and log in again';
  if (code === 'ENOENT') return 'there is no such socket: install Docker (on Debian and Ubuntu: apt install docker.io), or set DOCKER_HOST';
  if (code === 'ECONNREFUSED') return 'the socket is there but nothing listens: start the engine (systemctl start docker, or dockerd)';
  return 'check that the engine runs and that DOCKER_HOST or the current docker context points to it';
}
