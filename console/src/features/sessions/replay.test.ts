/** A session as it stood: nothing is known before it happened. */

import { describe, expect, it } from "vitest";
import type { HappeningShape, MessageShape, TimelineShape } from "../../api/types";
import { elapsed, pause, standing } from "./replay";

const AT = Date.parse("2026-06-01T04:00:00Z");

function happened(version: number, kind: string, seconds: number, more: Partial<HappeningShape> = {}): HappeningShape {
  return {
    version, kind: `conversations.${kind}`, at: new Date(AT + 1000 * seconds).toISOString(), by: "system", agent: "",
    message: "", sender: "", code: "", because: "", degree: null, ...more,
  };
}

function message(id: string, version: number, more: Partial<MessageShape> = {}): MessageShape {
  return {
    id, version, sender: "customer", author: "", kind: "text", text: id, data: {}, at: new Date(AT).toISOString(),
    receivedAt: new Date(AT).toISOString(), delivery: null, flags: [], citations: [], findings: [], hidden: [], note: "",
    ...more,
  };
}

const LINE: TimelineShape = {
  happenings: [
    happened(1, "ConversationOpened", 0),
    happened(2, "MessageReceived", 0, { message: "asked" }),
    happened(3, "Routed", 1, { code: "bot" }),
    happened(4, "ReplyApproved", 2, { message: "answer" }),
    happened(5, "DeliveryUnknown", 3, { message: "answer" }),
    happened(6, "DeliverySettled", 300, { message: "answer", code: "delivered" }),
    happened(7, "HandedOver", 301),
    happened(8, "TakenOver", 302, { agent: "小林" }),
    happened(9, "MessageRecalled", 290, { message: "asked" }),
    happened(10, "ConversationClosed", 400, { code: "solved" }),
  ],
  messages: [
    message("asked", 2, { flags: ["recalled"] }),
    message("answer", 4, { sender: "bot", delivery: "delivered", flags: ["checked"], note: "x" }),
  ],
  nextAfter: null,
};

describe("a session as it stood", () => {
  it.each([
    [0, "", "", []],
    [1, "", "", []],
    [2, "", "", [["asked", null, []]]],
    [4, "bot", "", [["asked", null, []], ["answer", "approved", []]]],
    [5, "bot", "", [["asked", null, []], ["answer", "unknown", []]]],
    [7, "waiting", "", [["asked", null, []], ["answer", "delivered", []]]],
    [8, "human", "小林", [["asked", null, []], ["answer", "delivered", []]]],
    [10, "closed", "小林", [["asked", null, ["recalled"]], ["answer", "delivered", []]]],
  ])("after %i events", (count, state, agent, messages) => {
    const stood = standing(LINE, count);
    expect([stood.state, stood.agent]).toEqual([state, agent]);
    expect(stood.messages.map((one) => [one.id, one.delivery, one.flags])).toEqual(messages);
  });

  it("tells what lay between, and nothing where clocks disagree", () => {
    expect([0, 3, 5, 8].map((place) => elapsed(LINE, place))).toEqual([0, 1000, 297_000, 0]);
  });

  it("waits in proportion, but not for hours", () => {
    expect(pause(LINE, 3, 1)).toBe(1000);
    expect(pause(LINE, 3, 4)).toBe(250);
    expect(pause(LINE, 5, 16)).toBe(5000);
    expect(pause(LINE, 8, 1)).toBe(120);
  });
});
