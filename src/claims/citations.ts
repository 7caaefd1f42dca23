/** Which claims the text of a scenario cites, without running it. */

/** Comments tell of whole sections; a citation is a text of the program. */
const withoutComments = (text: string): string => text.replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');

/** Ids in the text, each once, in order. */
export const listClaims = (text: string): string[] => [
  ...new Set(withoutComments(text).match(/\bS\d{3}-(?:[A-Z][A-Z0-9]*-)?\d+\b/g) ?? []),
];

/** The files beside it that it imports, as URLs. */
export const listImports = (text: string, file: URL): URL[] =>
  [...withoutComments(text).matchAll(/\bfrom '(\.[^']+)'/g)].map(([, path = '']) => new URL(path, file));
