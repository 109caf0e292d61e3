import { checkedName, escapeAttribute, escapeText } from "./escape";
import type { Style } from "./habit";
import type { XmlSpec } from "./types";

/** An element as source. With a style its children get lines of their own, without they follow each other. */
export function render(spec: XmlSpec, style: Style | undefined, eol: string): string {
  const name = checkedName(spec.name);
  const attributes = Object.entries(spec.attributes ?? {})
    .map(([key, value]) => ` ${checkedName(key)}="${escapeAttribute(value)}"`)
    .join("");
  const content = spec.children?.length ? renderChildren(spec.children, style, eol) : escapeText(spec.text ?? "", eol);
  return content === "" ? `<${name}${attributes}/>` : `<${name}${attributes}>${content}</${name}>`;
}

function renderChildren(children: readonly XmlSpec[], style: Style | undefined, eol: string): string {
  if (!style) return children.map((each) => render(each, undefined, eol)).join("");
  const inner = { ...style, indent: style.indent + style.step };
  const lines = children.map((each) => style.eol + inner.indent + render(each, inner, eol));
  return lines.join("") + style.eol + style.indent;
}
