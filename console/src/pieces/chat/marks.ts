/** Cut a text at the findings' edges. Pure. */

import type { FindingShape } from "../../api/types";

export interface Part {
  text: string;
  finding: FindingShape | null;
}

const WEIGHT: Record<string, number> = { info: 1, warn: 2, block: 3 };

/**
 * Offsets count characters as the server does (code points), not UTF-16 units: an emoji before a finding must
 * not shift it. Where findings overlap, the gravest one owns the words.
 */
export function splitByFindings(text: string, findings: readonly FindingShape[]): Part[] {
  const letters = Array.from(text);
  const owners = letters.map((_, at) => {
    let owner: FindingShape | null = null;
    for (const finding of findings) {
      const inside = at >= finding.start && at < finding.end;
      if (inside && (!owner || weigh(finding) > weigh(owner))) owner = finding;
    }
    return owner;
  });
  const parts: Part[] = [];
  letters.forEach((letter, at) => {
    const finding = owners[at] ?? null;
    const last = parts.at(-1);
    if (last && last.finding === finding) last.text += letter;
    else parts.push({ text: letter, finding });
  });
  return parts;
}

function weigh(finding: FindingShape): number {
  return WEIGHT[finding.severity] ?? 1;
}
