/** What a row of a grid of labs is about. */
import type { LabCell } from '../../model/lab-grid.ts';

/** `question-2 with edgemesh 1.16.0, kubeedge 1.23.1, kubernetes 1.32.5` */
export const titleOf = ({ scenario, versions }: LabCell): string =>
  [
    scenario,
    Object.entries(versions)
      .map((pair) => pair.join(' '))
      .join(', '),
  ]
    .filter((part) => part !== '')
    .join(' with ');
