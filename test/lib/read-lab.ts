/** A lab from the text of a topology file, for tests that need one and not its problems. */
import type { Lab } from '../../src/model/lab.ts';
import { readTopology } from '../../src/topology/topology.ts';

export const readLab = (text: string, file: string): Lab => {
  const { lab, diagnostics } = readTopology(text, file);
  if (!lab) throw new Error(diagnostics.map(({ code, message }) => `${code} ${message}`).join('\n'));
  return lab;
};
