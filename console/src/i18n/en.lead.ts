/** English words of what waits for a person's word. */

import type { zhLead } from "./zh.lead";

export const enLead: Record<keyof typeof zhLead, string> = {
  "settle.delivered": "Delivered",
  "settle.resent": "Not delivered, send again",
  "settle.dropped": "Not delivered, give up",
  "settle.desk": "Take the conversation over before sending again",
  "settle.title.delivered": "Was it delivered?",
  "settle.title.resent": "Not delivered: send it again?",
  "settle.title.dropped": "Not delivered: give up?",
  "settle.means.delivered":
    "You saw this message in Dongdong. It counts as delivered, and the response time is taken from the time below. If the platform tells it back later, the platform's time holds.",
  "settle.means.resent":
    "You made sure in Dongdong that it is not there. A new message with the same words is sent and the old one is marked as failed. If it was delivered after all, the customer reads it twice.",
  "settle.means.dropped":
    "You made sure in Dongdong that it is not there, and it is not sent again. It is marked as failed and counts as no answer.",
  "settle.at": "Delivered at",
  "settle.at.hint": "Leave it to use the time of the last attempt",
  "settle.at.wrong": "A time after the reply was written and not later than now",
  "settle.known": "The outcome of this reply is known by now, or the conversation is not yours any more. The page was refreshed.",
  "settle.done.delivered": "Noted as delivered",
  "settle.done.resent": "Sent again",
  "settle.done.dropped": "Noted as not delivered",
  "unsettled.title": "Replies with unknown outcome",
  "unsettled.chip": "Unknown {n}",
  "unsettled.why":
    "The platform never answered for these replies. Look into Dongdong, then say what became of them. They are not sent again by themselves.",
  "unsettled.none": "No reply has an unknown outcome",
  "unsettled.nobody": "nobody answers",
  "unsettled.more": "{n} later ones follow once these are settled",
};
