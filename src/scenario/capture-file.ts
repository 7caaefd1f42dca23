/** Files for captures of a scenario: in the folder of the run, else in one of the system's own. */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** An open file; `close` resolves when all of it is on the disk. */
export type CaptureFile = { file: string; write: (bytes: Uint8Array) => void; close: () => Promise<void> };

/** A new file `<name>.pcapng` in the folder, which is made where it is missing. */
export const openCaptureFile = async (folder: string | undefined, name: string): Promise<CaptureFile> => {
  const directory = folder ?? (await mkdtemp(join(tmpdir(), 'edgelab-')));
  await mkdir(directory, { recursive: true });
  const file = join(directory, `${name}.pcapng`);
  const stream = createWriteStream(file);
  await once(stream, 'open');
  return {
    file,
    write: (bytes) => void stream.write(bytes),
    close: async () => {
      await once(stream.end(), 'close');
    },
  };
};
