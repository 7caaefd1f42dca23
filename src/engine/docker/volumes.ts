/** The volumes that belong to containers of a lab: anonymous ones, labelled so that a left one is found. */
import type { LabName, Owned } from '../engine.ts';
import { ask, type Connection } from './connection.ts';
import { labelFilter, readLabels } from './labels.ts';

/** Of one lab, or of all labs; each has the name of its container. */
export async function listVolumes(connection: Connection, lab?: LabName): Promise<Owned[]> {
  const { Volumes } = await ask(connection, 'list volumes', () => connection.docker.listVolumes({ filters: labelFilter(lab) }));
  return Volumes.flatMap(({ Name: ref, Labels }) => {
    const labelled = readLabels(Labels);
    return labelled ? [{ kind: 'volume' as const, ref, ...labelled }] : [];
  });
}
