/** The first steps of a new organisation. */

import type { zhStart } from "./zh.start";

export const enStart: Record<keyof typeof zhStart, string> = {
  "nav.start": "Get started",
  "start.done": "Done",
  "start.factor": "Set up an authenticator",
  "start.factor.why": "Connecting shops and adding people takes a code from your phone: a stolen password alone changes nothing here.",
  "start.factor.do": "Open my account",
  "start.shop": "Connect your first shop",
  "start.shop.why": "A JD shop needs its open platform keys; without a platform begin with a page of your own; without keys yet, bring chats in from files.",
  "start.shop.jd": "JD shop",
  "start.shop.widget": "My own page",
  "start.shop.file": "Files first",
  "start.people": "Add your first agent",
  "start.people.why": "Give a name and a login, and send them the one-time link: they set the password themselves. Where a vendor is engaged, its agents answer.",
  "start.people.do": "Add an agent",
  "start.people.invited": "{n} invited, not in yet",
  "start.message": "Receive the first message",
  "start.message.why": "An agent signs in and goes online. The bot answers customers first, by what the shop knows; what it cannot answer, or whoever wants a person, comes to the agent.",
  "start.message.nobody": "Nobody can answer yet: the bot receives customers until then.",
  "start.message.platform": "Open the shop with another JD account and ask something. Where sending is not granted, messages are read within a minute.",
  "start.message.file": "A shop that is not connected: bring chats in, then look at search and reports.",
  "start.message.waits": "Waiting for the first message; this page changes by itself.",
  "start.over": "All set",
  "start.over.wall": "Go to the wall",
};
