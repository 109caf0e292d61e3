/** The words of an Exec line: quotes keep together, specifiers and `$$` are taken off, prefixes say how it runs [systemd.service(5), "Command Lines"]. */
export function execWords(line: string): { words: string[]; mayFail: boolean } {
  const [, prefix = "", rest = ""] = /^([-@:+!|]*)(.*)$/s.exec(line.trim()) ?? [];
  const tokens = rest.match(/(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\\.|[^\s"'\\])+/gs) ?? [];
  return { words: tokens.map(unquoted), mayFail: prefix.includes("-") };
}

function unquoted(token: string): string {
  const parts = token.replace(
    /"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'/gs,
    (_, double?: string, single?: string) => double ?? single ?? "",
  );
  return parts.replace(/\\(.)/gs, "$1").replaceAll("%%", "%").replaceAll("$$", "$");
}

/** A time span in milliseconds: `90`, `1min 30s`, `200ms`; undefined: none, or without end [systemd.time(7)]. */
export function timeSpan(text: string, secondMs: number): number | undefined {
  const unit: Readonly<Record<string, number>> = {
    us: 1e-6,
    ms: 1e-3,
    "": 1,
    s: 1,
    sec: 1,
    seconds: 1,
    second: 1,
    m: 60,
    min: 60,
    minutes: 60,
    minute: 60,
    h: 3600,
    hr: 3600,
    hours: 3600,
    hour: 3600,
    d: 86_400,
    day: 86_400,
    days: 86_400,
  };
  if (!/^\s*([\d.]+\s*[a-z]*\s*)+$/.test(text)) return undefined;
  let seconds = 0;
  for (const [, number = "", name = ""] of text.matchAll(/([\d.]+)\s*([a-z]*)/g))
    seconds += Number(number) * (unit[name] ?? Number.NaN);
  return Number.isNaN(seconds) ? undefined : seconds * secondMs;
}
