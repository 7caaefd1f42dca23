/** How a check counts: four kinds that every report keeps apart. */
import type { Check, Known, Standing } from '../model/check.ts';

/** Known or not, and as expected or not. */
export const standingOf = ({ ok, known }: Pick<Check, 'ok' | 'known'>): Standing =>
  known === undefined ? (ok ? 'passed' : 'failed') : ok ? 'fixed' : 'known';

/** `EdgeMesh 1.17.0 makes no reservation (KNOWN-003)` */
export const describeKnown = ({ reason, issue }: Known): string => `${reason}${issue === undefined ? '' : ` (${issue})`}`;
