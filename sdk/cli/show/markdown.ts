import { renderMarkdown } from "../../../provider/core/plan/render-text";
import type { Pending } from "../../../provider/resources/kind";
import type { StackPlan } from "../stack/plan-stack";
import { PENDING_HEAD, pendingRow } from "./pending";

/** A plan for the review of a pull request. Names and texts of the host stand in code spans, where Markdown obeys nothing. */
export function planMarkdown(title: string, { resources, whole }: StackPlan, idle: string | undefined): string {
  const why = resources.flatMap(({ planned }) => planned.reasons.map((reason) => `- ${code(reason)}`));
  const warnings = whole.warnings.map((warning) => `- warning: ${code(warning)}`);
  const parts = [
    `### pulumi-acrn: ${code(title)}`,
    why.join("\n"),
    warnings.join("\n"),
    idle ?? renderMarkdown(whole.plan),
    pendingTable(whole.pending),
  ];
  return parts.filter((part) => part !== "").join("\n\n");
}

function pendingTable(pending: readonly Pending[]): string {
  if (pending.length === 0) return "";
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const head = [...PENDING_HEAD, "evidence"];
  const rows = pending.map((item) =>
    line([...pendingRow(item), item.evidence].map((cell) => code(cell).replaceAll("|", "\\|"))),
  );
  return [line(head), line(head.map(() => "---")), ...rows].join("\n");
}

function code(text: string): string {
  return `\`${text.replace(/[\r\n]+/g, " ").replaceAll("`", "'")}\``;
}
