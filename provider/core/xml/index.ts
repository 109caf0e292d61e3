/** A lossless XML document: read with positions, edit as text edits; every byte outside an edit stays. */
export { sameFields } from "./compare";
export { flatten } from "./flatten";
export { isElement } from "./guards";
export { type Style, stepBelow } from "./habit";
export { insertChild, insertRaw, replaceElement } from "./insert";
export { LIMITS } from "./limits";
export { child, childrenNamed, descendantsNamed, lineOf, placeOf, rawOf } from "./navigate";
export { parseXml } from "./parse";
export { find, pathOf } from "./path";
export { type Removed, removeElement, restoreRemoved } from "./remove";
export { render } from "./render";
export { reparsed } from "./reparse";
export { trimSpace } from "./scan";
export { setText } from "./set-text";
export type { XmlDoc, XmlElement, XmlNode, XmlOther, XmlSpec, XmlWhere } from "./types";
