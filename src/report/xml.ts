/** Writes XML 1.0 that is well-formed whatever the texts are. */

/** What an element contains: text, or further elements. */
export type XmlElement = { name: string; attributes?: Record<string, string | number>; children?: readonly XmlElement[]; text?: string };

/** What is outside the Char production of XML 1.0 §2.2, which no escaping makes legal; escape codes are removed as a whole. */

const forbidden = /\u001B\[[0-9;?]*[ -/]*[@-~]|[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

const escapeText = (text: string): string => text.replace(forbidden, '').replace(/[&<>\r]/g, (character) => entities[character]!);
/** Line breaks too: XML §3.3.3 turns them into spaces in attributes otherwise. */
const escapeAttribute = (text: string): string => text.replace(forbidden, '').replace(/[&<>"\t\n\r]/g, (character) => entities[character]!);

/** A document with `root`, indented by two spaces. */
export const renderXml = (root: XmlElement): string => `<?xml version="1.0" encoding="UTF-8"?>\n${renderElement(root, '')}\n`;

const renderElement = ({ name, attributes = {}, children = [], text }: XmlElement, indent: string): string => {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeAttribute(String(value))}"`);
  const open = `${indent}<${name}${written.join('')}`;
  if (text !== undefined) return `${open}>${escapeText(text)}</${name}>`;
  if (children.length === 0) return `${open}/>`;
  return [`${open}>`, ...children.map((child) => renderElement(child, `${indent}  `)), `${indent}</${name}>`].join('\n');
};
