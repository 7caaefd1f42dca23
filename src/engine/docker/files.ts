/** Putting files into a running container: one tar archive, unpacked by the container's own tar. */
import { buffer } from 'node:stream/consumers';
import { pack } from 'tar-stream';
import { LabError } from '../../lib/lab-error.ts';
import type { EngineFile } from '../engine.ts';
import { tailOf } from '../errors.ts';
import type { Connection } from './connection.ts';
import { runAlone, type ExecTarget } from './exec.ts';

/**
 * Not by Docker's archive request: before Docker 23 it writes below what is mounted inside the container (/run, /tmp).
 * `--overwrite` keeps what Docker mounts over (/etc/hosts): such a file cannot be replaced, only written.
 */
const unpack = ['tar', '--extract', '--file=-', '--directory=/', '--overwrite', '--no-same-owner', '--preserve-permissions'];

/** New files are root's, and `mode` counts whatever the umask. ENGINE001 with tar's own words when they cannot be written. */
export async function writeFiles(
  connection: Connection,
  target: ExecTarget,
  files: readonly EngineFile[],
  signal?: AbortSignal,
): Promise<void> {
  signal?.throwIfAborted();
  if (files.length === 0) return;
  const stdin = await makeArchive(files);
  const { code, stderr } = await runAlone(connection, target, unpack, { stdin, ...(signal && { signal }) });
  if (code === 0) return;
  throw new LabError('ENGINE001', `files could not be written into container "${target.name}" of lab "${target.lab}"`, {
    step: `write ${files.map(({ path }) => path).join(', ')}`,
    command: unpack.join(' '),
    lastObservation: `exit code ${code}`,
    outputTail: tailOf(stderr),
  });
}

async function makeArchive(files: readonly EngineFile[]): Promise<Buffer> {
  const archive = pack();
  const whole = buffer(archive);
  for (const { path, mode, content } of files)
    archive.entry({ name: path.replace(/^\/+/, ''), mode, mtime: new Date() }, Buffer.from(content as Uint8Array));
  archive.finalize();
  return whole;
}
