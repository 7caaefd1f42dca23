/** Makes an image of one layer from a program that writes a tar archive. */
import { pipeCommands, runDocker, type Argv } from '../host/host.ts';
import { addressOf, labelsOf, type Workshop } from './workshop.ts';

/** The image gets its name only when both programs have ended well, so half an archive is never taken for an image. */
export const importTar = async (writer: Argv, name: string, workshop: Workshop, onLine: (line: string) => void): Promise<void> => {
  const { signal } = workshop;
  const changes = Object.entries(labelsOf(workshop, name)).map(([key, value]) => `--change=LABEL ${key}=${value}`);
  const id = await pipeCommands(writer, ['docker', 'import', ...changes, '-'], { signal, onLine });
  await runDocker(['tag', id.trim(), addressOf(workshop, name).ref], { ...(signal && { signal }) });
};
