/** A strict reader of the XML that reports use (elements, attributes, text, entities): throws on whatever is not well-formed. */

export type Node = { name: string; attributes: Record<string, string>; text: string; children: Node[] };

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** XML 1.0 §2.2, production Char. */
const isChar = (code: number): boolean =>
  code === 9 ||
  code === 10 ||
  code === 13 ||
  (code >= 0x20 && code <= 0xd7ff) ||
  (code >= 0xe000 && code <= 0xfffd) ||
  (code >= 0x10000 && code <= 0x10ffff);

const decode = (raw: string): string =>
  raw.replace(/&([^;&]*);?/g, (whole, name: string) => {
    if (!whole.endsWith(';')) throw new Error(`a bare & in ${JSON.stringify(raw)}`);
    const code = /^#(\d+)$/.exec(name)?.[1] ?? (/^#x([\da-f]+)$/i.test(name) ? String(parseInt(name.slice(2), 16)) : undefined);
    if (code !== undefined && isChar(Number(code))) return String.fromCodePoint(Number(code));
    const value = entities[name];
    if (value === undefined) throw new Error(`no such entity: ${whole}`);
    return value;
  });

export const readXml = (document: string): Node => {
  for (const character of document)
    if (!isChar(character.codePointAt(0)!)) throw new Error(`forbidden character ${character.codePointAt(0)!.toString(16)}`);
  let rest = document;
  const take = (pattern: RegExp): RegExpExecArray => {
    const match = pattern.exec(rest);
    if (match === null) throw new Error(`expected ${String(pattern)} at ${JSON.stringify(rest.slice(0, 60))}`);
    rest = rest.slice(match[0].length);
    return match;
  };
  const readElement = (): Node => {
    const [, name = ''] = take(/^<([A-Za-z_][\w.-]*)/);
    const node: Node = { name, attributes: {}, text: '', children: [] };
    while (/^\s+[A-Za-z_]/.test(rest)) {
      const [, key = '', value = ''] = take(/^\s+([A-Za-z_][\w.-]*)="([^"<]*)"/);
      if (key in node.attributes) throw new Error(`attribute ${key} twice`);
      // §3.3.3: literal white space in attributes is read as spaces.
      node.attributes[key] = decode(value.replace(/[\t\r\n]/g, ' '));
    }
    if (/^\s*\/>/.test(rest)) {
      take(/^\s*\/>/);
      return node;
    }
    take(/^\s*>/);
    for (;;) {
      const [text] = take(/^[^<]*/);
      if (text.includes(']]>')) throw new Error(']]> in text');
      // §2.11: line ends are read as line feeds.
      node.text += decode(text.replace(/\r\n?/g, '\n'));
      if (rest.startsWith('</')) break;
      node.children.push(readElement());
    }
    const [, end] = take(/^<\/([\w.-]+)\s*>/);
    if (end !== name) throw new Error(`</${end ?? ''}> ends <${name}>`);
    return node;
  };
  take(/^<\?xml version="1\.0" encoding="UTF-8"\?>\s*/);
  const root = readElement();
  take(/^\s*$/);
  return root;
};
