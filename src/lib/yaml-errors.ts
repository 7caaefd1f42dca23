/** YAML syntax errors in words a person who never read the YAML specification understands. */

/** What the yaml package reports, as far as it is used here. */
type SyntaxError = { code: string; message: string };

/** Code, message and hint for one syntax error of the parser; unknown kinds keep the parser's own words. */
export const describeSyntaxError = ({ code, message }: SyntaxError): { code: string; message: string; hint?: string } => {
  if (code === 'DUPLICATE_KEY') {
    return { code: 'TOPO007', message: 'this key is written twice in one mapping', hint: 'keep one of the two' };
  }
  const hint = hints[code];
  return { code: 'TOPO002', message: messages[code] ?? lowerFirst(message), ...(hint ? { hint } : {}) };
};

const messages: Record<string, string> = {
  TAB_AS_INDENT: 'a tab indents this line',
  BLOCK_AS_IMPLICIT_KEY: 'a value and a nested mapping stand on one line',
  MULTILINE_IMPLICIT_KEY: 'a key is spread over more than one line',
  MULTIPLE_DOCS: 'a second YAML document starts here',
  NON_STRING_KEY: 'a key must be text',
  TAG_RESOLVE_FAILED: 'a YAML tag (!…) means nothing here',
  RESOURCE_EXHAUSTION: 'the YAML is nested too deeply',
};

const hints: Record<string, string> = {
  TAB_AS_INDENT: 'YAML is indented with spaces only',
  BLOCK_AS_IMPLICIT_KEY: 'start the mapping on a new line, or quote the text if ": " belongs to it',
  MULTILINE_IMPLICIT_KEY: 'is a ":" missing after the key, or is a line indented too far?',
  MULTIPLE_DOCS: 'one file describes one lab; remove the "---"',
  BAD_INDENT: 'keys of one mapping start in the same column; every { and [ is closed',
  BAD_SCALAR_START: 'put the value in quotes',
};

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
