/** Where the underline goes, and where a masked stretch begins and ends. */

import { describe, expect, it } from "vitest";
import type { FindingShape } from "../../api/types";
import { splitText, type Piece } from "./marks";

function finding(start: number, end: number, severity = "warn"): FindingShape {
  return { rule: "r", title: "t", severity, start, end, reason: "" };
}

function texts(pieces: readonly Piece[]): string[] {
  return pieces.flatMap((piece) => piece.parts.map((part) => part.text));
}

describe("splitting a text by its findings", () => {
  it("counts characters as people do, emoji included", () => {
    expect(texts(splitText("好😡加微信", [finding(2, 5, "block")]))).toEqual(["好😡", "加微信"]);
  });

  it("gives overlapping words to the gravest finding", () => {
    const [piece] = splitText("abcdef", [finding(0, 4), finding(2, 6, "block")]);
    expect(piece?.parts.map((part) => [part.text, part.finding?.severity])).toEqual([
      ["ab", "warn"],
      ["cdef", "block"],
    ]);
  });

  it("survives offsets beyond the text", () => {
    expect(texts(splitText("ab", [finding(1, 99)]))).toEqual(["a", "b"]);
  });
});

describe("splitting a text by what is masked in it", () => {
  it("numbers the stretches as the server does, emoji before them included", () => {
    const hidden = [
      { start: 3, end: 6, kind: "phone" },
      { start: 6, end: 8, kind: "name" },
    ];
    const pieces = splitText("😡电话138王*收", [], hidden);
    expect(pieces.map((piece) => [piece.place, texts([piece]).join("")])).toEqual([
      [null, "😡电话"],
      [0, "138"],
      [1, "王*"],
      [null, "收"],
    ]);
  });

  it("keeps a finding that runs across a stretch on both sides of it", () => {
    const pieces = splitText("abcd", [finding(1, 3)], [{ start: 2, end: 4, kind: "phone" }]);
    expect(pieces.map((piece) => piece.parts.map((part) => [part.text, part.finding !== null]))).toEqual([
      [
        ["a", false],
        ["b", true],
      ],
      [
        ["c", true],
        ["d", false],
      ],
    ]);
  });
});
