/** Face of the topology room: the text of a topology file becomes a lab, or a list of everything that is wrong with it. */
import { z } from 'zod';
import { isError, sortDiagnostics } from '../lib/diagnostics.ts';
import { isForcible } from '../lib/error-codes.ts';
import { readDocument } from '../lib/document.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { Lab } from '../model/lab.ts';
import { readAsMeant } from './as-meant.ts';
import { collectProblems } from './problems.ts';
import { resolveLab } from './resolve.ts';
import { topologySchema } from './schema.ts';
import { checkShape } from './shape.ts';

export { varyTopology, type Change } from './vary.ts';

/**
 * Reads a topology. Pure, and never throws, whatever the text: every problem comes back as a diagnostic with its place,
 * in the order of the file. There is a lab exactly when no diagnostic is an error. `file` only names the text in places.
 * With `force` combinations of components that cannot work are warnings.
 */
export const readTopology = (text: string, file: string, { force = false } = {}): { lab?: Lab; diagnostics: Diagnostic[] } => {
  const written = readDocument(text, file);
  if (!written.wellFormed) return { diagnostics: sortDiagnostics(written.diagnostics) };
  const { document, diagnostics: slips } = readAsMeant(written);
  const problems = collectProblems(document);
  const raw = checkShape(document, problems);
  const lab = raw && resolveLab(raw, problems);
  const found = problems.found.map((one) => (force && isForcible(one.code) ? forced(one) : hintAtForce(one)));
  const diagnostics = sortDiagnostics([...document.diagnostics, ...slips, ...found]);
  return lab && !diagnostics.some(isError) ? { lab, diagnostics } : { diagnostics };
};

const forced = ({ hint: _, ...diagnostic }: Diagnostic): Diagnostic => ({
  ...diagnostic,
  severity: 'warning',
  hint: 'forced: the lab may not come up',
});

const hintAtForce = (diagnostic: Diagnostic): Diagnostic =>
  isForcible(diagnostic.code)
    ? { ...diagnostic, hint: `${diagnostic.hint === undefined ? '' : `${diagnostic.hint}; `}--force runs it all the same` }
    : diagnostic;

/** JSON Schema (draft 7, which editors know best) of a topology file. */
export const topologyJsonSchema = (): object => ({
  $id: 'topology.schema.json',
  ...z.toJSONSchema(topologySchema, { target: 'draft-07', io: 'input' }),
});
