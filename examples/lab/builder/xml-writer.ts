/** Writes XML as ACRN's tools lay it out: one element a line, texts inline. Builder side only; it reads nothing. */

export type XmlNode = XmlElementNode | { comment: string };

export interface XmlElementNode {
  tag: string;
  attributes: Record<string, string>;
  content: string | XmlNode[] | undefined;
}

/** An element: a text inline, children on lines of their own, nothing = `<tag/>`. */
export function el(
  tag: string,
  content?: string | number | XmlNode[],
  attributes: Record<string, string> = {},
): XmlElementNode {
  return { tag, attributes, content: typeof content === "number" ? `${content}` : content };
}

export function comment(text: string): XmlNode {
  return { comment: text };
}

/** Elements of `tag: text` pairs. */
export function fields(values: Record<string, string | number>): XmlNode[] {
  return Object.entries(values).map(([tag, value]) => el(tag, value));
}

export interface Layout {
  indent?: string;
  eol?: string;
  bom?: boolean;
  /** `<?xml ...?>` at the start, as given. */
  declaration?: string;
  /** Files that the 3.x configurator saved end without a line end. @default true */
  finalNewline?: boolean;
}

export function writeXml(root: XmlElementNode, layout: Layout = {}): string {
  const { indent = "  ", eol = "\n", bom = false, declaration, finalNewline = true } = layout;
  const lines = [...(declaration ? [declaration] : []), ...linesOf(root, indent, 0)];
  const text = lines.join("\n") + (finalNewline ? "\n" : "");
  return (bom ? "\uFEFF" : "") + (eol === "\n" ? text : text.replaceAll("\n", eol));
}

function linesOf(node: XmlNode, indent: string, depth: number): string[] {
  const margin = indent.repeat(depth);
  if ("comment" in node) return [`${margin}<!-- ${node.comment} -->`];
  const attributes = Object.entries(node.attributes).map(
    ([name, value]) => ` ${name}="${escapeText(value).replaceAll('"', "&quot;")}"`,
  );
  const open = `${margin}<${node.tag}${attributes.join("")}`;
  const { content } = node;
  if (content === undefined || content.length === 0) return [`${open}/>`];
  if (typeof content === "string") return [`${open}>${escapeText(content)}</${node.tag}>`];
  return [`${open}>`, ...content.flatMap((child) => linesOf(child, indent, depth + 1)), `${margin}</${node.tag}>`];
}

function escapeText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
