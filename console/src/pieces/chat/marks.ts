/** Cut a text at the edges of findings and of masked stretches. Pure. */

import type { FindingShape, HiddenShape } from "../../api/types";

export interface Part {
  text: string;
  finding: FindingShape | null;
}

/** A piece of a message: its parts, and which masked stretch it is, counted from 0; null for plain words. */
export interface Piece {
  place: number | null;
  parts: Part[];
}

const WEIGHT: Record<string, number> = { info: 1, warn: 2, block: 3 };

/**
 * Offsets count characters as the server does (code points), not UTF-16 units: an emoji before a finding must
 * not shift it. Where findings overlap, the gravest one owns the words.
 */
export function splitText(text: string, findings: readonly FindingShape[], hidden: readonly HiddenShape[] = []): Piece[] {
  const pieces: Piece[] = [];
  Array.from(text).forEach((letter, at) => {
    const finding = ownerOf(at, findings);
    const found = hidden.findIndex((one) => at >= one.start && at < one.end);
    const place = found === -1 ? null : found;
    let piece = pieces.at(-1);
    if (!piece || piece.place !== place) pieces.push((piece = { place, parts: [] }));
    const last = piece.parts.at(-1);
    if (last && last.finding === finding) last.text += letter;
    else piece.parts.push({ text: letter, finding });
  });
  return pieces;
}

function ownerOf(at: number, findings: readonly FindingShape[]): FindingShape | null {
  let owner: FindingShape | null = null;
  for (const finding of findings) {
    const inside = at >= finding.start && at < finding.end;
    if (inside && (!owner || weigh(finding) > weigh(owner))) owner = finding;
  }
  return owner;
}

function weigh(finding: FindingShape): number {
  return WEIGHT[finding.severity] ?? 1;
}
