/** Where the underline goes. */

import { describe, expect, it } from "vitest";
import type { FindingShape } from "../../api/types";
import { splitByFindings } from "./marks";

function finding(start: number, end: number, severity = "warn"): FindingShape {
  return { rule: "r", title: "t", severity, start, end, reason: "" };
}

describe("splitting a text by its findings", () => {
  it("counts characters as people do, emoji included", () => {
    const parts = splitByFindings("好😡加微信", [finding(2, 5, "block")]);
    expect(parts.map((part) => part.text)).toEqual(["好😡", "加微信"]);
  });

  it("gives overlapping words to the gravest finding", () => {
    const parts = splitByFindings("abcdef", [finding(0, 4), finding(2, 6, "block")]);
    expect(parts.map((part) => [part.text, part.finding?.severity])).toEqual([
      ["ab", "warn"],
      ["cdef", "block"],
    ]);
  });

  it("survives offsets beyond the text", () => {
    expect(splitByFindings("ab", [finding(1, 99)]).map((part) => part.text)).toEqual(["a", "b"]);
  });
});
