/** docs/reference/errors.md as text: every code of the catalogue, with an example where the topology tests have one. */
import { errorCodes, exitCodes, isForcible } from '../../src/lib/error-codes.ts';

/** Code → what edgelab prints for a file that has this mistake. */
export type Examples = ReadonlyMap<string, string>;

export const makeErrorsReference = (examples: Examples): string => {
  const codes = Object.entries(errorCodes);
  const rooms = [...new Set(codes.map(([code]) => roomOf(code)))];
  const sections = rooms.map((room) => {
    const own = codes.filter(([code]) => roomOf(code) === room);
    return [`## ${roomTitles[room] ?? room}`, ...own.map(([code, { text, exit }]) => describe(code, text, exit, examples.get(code)))].join(
      '\n\n',
    );
  });
  return `${[intro, ...sections].join('\n\n')}\n`;
};

const roomOf = (code: string): string => code.replace(/\d+$/, '');

const roomTitles: Record<string, string> = {
  TOPO: 'Topology files',
  PLAN: 'Plans',
  HOST: 'The machine',
  ENGINE: 'The container engine',
  IMAGE: 'Images',
  UP: 'Bringing a lab up',
  LAB: 'Labs and their nodes',
  SCEN: 'Scenarios',
  CLI: 'The command line',
  INT: 'Interruption',
  BUG: 'Bugs of edgelab',
};

const meanings: Record<keyof typeof exitCodes, string> = {
  good: 'all went well',
  assertionFailed: 'a scenario ran, and an expectation did not hold',
  badInput: 'a file or an argument is wrong; nothing was started',
  hostNotFit: 'this machine cannot run the lab',
  deployFailed: 'the lab could not be built; the message says what is left and how to remove it',
  interrupted: 'stopped by Ctrl-C',
};

const intro = `# Errors

<!-- Generated from src/lib/error-codes.ts and test/topology/invalid; \`npm run update\` writes it anew. -->

Every problem has a code that never changes its meaning. The exit code of the command tells the kind:

| exit | meaning |
| --- | --- |
${Object.entries(exitCodes)
  .map(([name, exit]) => `| ${exit} | ${meanings[name as keyof typeof exitCodes]} |`)
  .join('\n')}`;

const describe = (code: string, text: string, exit: number, example: string | undefined): string => {
  const paragraphs = [
    `### ${code}`,
    text.startsWith('Warning: ') ? text : `${text} Exit ${exit}${isForcible(code) ? '; a warning with --force' : ''}.`,
  ];
  if (example !== undefined) paragraphs.push(`\`\`\`\n${example}\n\`\`\``);
  return paragraphs.join('\n\n');
};
