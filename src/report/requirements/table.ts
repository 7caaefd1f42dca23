/** Requirements against NATs: a matrix for a terminal, and the same as a page of docs. */
import type { RequirementResult, RequirementsTable, RequirementVerdict } from '../../model/requirements.ts';
import type { GridPaint } from '../grid/matrix.ts';

const signs: Record<RequirementVerdict, string> = {
  holds: '+',
  'by design': 'd',
  'not applicable': '.',
  fails: 'F',
  'holds against expectation': 'P',
  'not measured': '?',
};

const wrong: readonly RequirementVerdict[] = ['fails', 'holds against expectation', 'not measured'];

/** `tried` is without what does not apply; `mismatches` are not as declared, or could not be measured. */
export const summarizeRequirements = ({ results }: RequirementsTable) => {
  const count = (verdict: RequirementVerdict): number => results.filter((one) => one.verdict === verdict).length;
  return {
    tried: results.length - count('not applicable'),
    holds: count('holds'),
    byDesign: count('by design'),
    mismatches: results.filter(({ verdict }) => wrong.includes(verdict)),
  };
};

/**
 * The matrix, the letters of its columns, the legend, a line for each mismatch, and the counts; no line end after it. `seconds`,
 * where given, stand behind the counts.
 */
export const drawRequirements = (table: RequirementsTable, paint: GridPaint, seconds?: number): string => {
  const { tried, holds, byDesign, mismatches } = summarizeRequirements(table);
  return [
    ...drawRows(table, paint),
    '',
    ...table.nats.map((nat, index) => paint.quiet(`${letter(index)} ${nat}`)),
    '',
    paint.quiet('+ holds, d broken by design, . not applicable, F broken, P holds where it should not, ? not measured'),
    ...mismatches.map(({ nat, requirement, verdict, seen }) => paint.bad(`${requirement} ${verdict} for ${nat}: ${seen}`)),
    `${holds} of ${tried} hold, ${byDesign} are broken by design, ${mismatches.length} are not as declared${
      seconds === undefined ? '' : ` (${seconds.toFixed(1)} s)`
    }`,
  ].join('\n');
};

const letter = (index: number): string => String.fromCharCode((index < 26 ? 65 : 71) + index);

const drawRows = ({ requirements, nats, results }: RequirementsTable, { good, bad, quiet }: GridPaint): string[] => {
  const width = Math.max(...requirements.map(({ id }) => id.length)) + 2;
  const levels = Math.max(...requirements.map(({ level }) => level.length)) + 2;
  const sign = (result: RequirementResult | undefined): string => {
    if (!result) return ' ';
    const text = signs[result.verdict];
    return wrong.includes(result.verdict) ? bad(text) : result.verdict === 'holds' ? good(text) : quiet(text);
  };
  return [
    `${' '.repeat(width + levels)}${nats.map((_, index) => letter(index)).join(' ')}`,
    ...requirements.flatMap(({ id, level, text, untested }) => {
      if (untested !== undefined) return [];
      const row = nats.map((nat) => sign(results.find((one) => one.requirement === id && one.nat === nat)));
      return [`${id.padEnd(width)}${level.padEnd(levels)}${row.join(' ')}  ${quiet(text)}`];
    }),
  ];
};

const plain: GridPaint = { good: String, bad: String, quiet: String };

/** A page of docs; `command` is what made it. */
export const writeRequirements = (table: RequirementsTable, command: string): string => {
  const designs = Map.groupBy(
    table.results.filter(({ verdict }) => verdict === 'by design'),
    ({ requirement, why = '' }) => `${requirement} | ${why}`,
  );
  const seen = table.requirements.flatMap(({ id }) => {
    const example = table.results.find(({ requirement, verdict }) => requirement === id && verdict === 'holds');
    return example ? [`| ${id} | ${example.seen} (${example.nat}) |`] : [];
  });
  const untested = table.requirements.flatMap(({ id, untested: why }) => (why === undefined ? [] : [`| ${id} | ${why} |`]));
  return `# What the RFCs ask of a NAT

<!-- Written by \`${command}\`; the figures are what that run saw. -->

RFC 4787 (UDP), RFC 5382 (TCP) and RFC 5508 (ICMP) say how a NAT is to behave. Many in the field do not, and a lab is to have those
too. \`${command}\` tries every requirement that can be tried against every preset, with two hosts behind a router of its
own, and compares with what the preset's behaviour leads to expect: what a preset breaks by its nature must really be broken. Timers
are read off the router (its mapping table or connection tracking); that bindings end when these say so is tested with short ones.

\`\`\`
${drawRequirements(table, plain)}
\`\`\`

## Broken by design

| requirement | why | presets |
| --- | --- | --- |
${[...designs].map(([what, list]) => `| ${what} | ${list.map(({ nat }) => nat).join(', ')} |`).join('\n')}

## What was seen where it holds

One preset of each row, as an example.

| requirement | seen |
| --- | --- |
${seen.join('\n')}

## Not tried

| requirement | why |
| --- | --- |
${untested.join('\n')}
`;
};
