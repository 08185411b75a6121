/** What a figure says, and when it says nothing. */

import { describe, expect, it } from "vitest";
import type { FigureShape } from "../../api/types";
import { wordsOf } from "../../i18n";
import { figureName, isKept, isMet, readFigure, whyNot } from "./figure";

const words = wordsOf("zh");

function figure(unit: string, value: number | null, target: number | null = null): FigureShape {
  return { key: "x", unit, value, part: null, whole: null, target, why: "" };
}

describe("a figure", () => {
  it.each([
    ["nothing measured", figure("share", null), "—", ""],
    ["a share", figure("share", 0.8984), "89.8", "%"],
    ["all but a few", figure("share", 0.99961), "99.9", "%"],
    ["all", figure("share", 1), "100", "%"],
    ["a real zero", figure("count", 0), "0", ""],
    ["thousands", figure("count", 12345), "12,345", ""],
    ["a few seconds", figure("seconds", 4.25), "4.3", "秒"],
    ["hours", figure("hours", 30.25), "30.3", "小时"],
    ["more than a minute", figure("seconds", 75), "1:15", "分"],
  ])("reads %s", (_, shape, value, unit) => {
    expect(readFigure(words, shape)).toEqual({ value, unit });
  });

  it("meets a share from above and a time from below", () => {
    expect([isMet(figure("share", 0.9, 0.9)), isMet(figure("share", 0.89, 0.9))]).toEqual([true, false]);
    expect([isMet(figure("seconds", 20, 30)), isMet(figure("seconds", 31, 30))]).toEqual([true, false]);
    expect(isMet(figure("share", null, 0.9))).toBeNull();
  });

  it("says why it is not known, and tells that from nothing measured", () => {
    const told = [figure("share", null), { ...figure("share", null), why: "unknown_part" }];
    expect(told.map((one) => whyNot(words, one))).toEqual(["", "部分会话没有记录"]);
    expect(isKept({ ...figure("share", null), why: "no_evaluations" })).toBe(false);
  });

  it("never shows a key it has no word for", () => {
    expect(figureName(words, "brand_new_figure")).toBe("其他指标");
  });
});
