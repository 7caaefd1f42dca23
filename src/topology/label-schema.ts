/** Names as a topology gives them: each is a host name, a Service, or part of one. */
import { z } from 'zod';

/** A DNS label (RFC 1123) that begins with a letter, as Services must (RFC 1035). */
export const labelPattern = /^[a-z](?:[a-z0-9-]*[a-z0-9])?$/;
/** Longest DNS label, RFC 1035 §2.3.4. */
export const longestLabel = 63;

/** A mapping whose keys are such names. */
export const byName = <T extends z.ZodType>(value: T, description: string) =>
  z.record(z.string(), value).meta({ description, propertyNames: { pattern: labelPattern.source, maxLength: longestLabel } });
