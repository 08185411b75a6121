/** English. The compiler refuses a missing or a surplus word. */

import { enAudit } from "./en.audit";
import { enCodes } from "./en.codes";
import { enDesk } from "./en.desk";
import { enDetails } from "./en.details";
import { enEvents } from "./en.events";
import { enExports } from "./en.exports";
import { enKeys } from "./en.keys";
import { enLead } from "./en.lead";
import { enPeople } from "./en.people";
import { enReports } from "./en.reports";
import { enRetention } from "./en.retention";
import { enWebhooks } from "./en.webhooks";
import { enSecurity } from "./en.security";
import { enSearch } from "./en.search";
import { enSession } from "./en.session";
import { enImports } from "./en.imports";
import { enShops } from "./en.shops";
import { enStart } from "./en.start";
import { enTrouble } from "./en.trouble";
import { enWall } from "./en.wall";
import type { Word } from "./zh";

export const en: Record<Word, string> = {
  ...enAudit,
  ...enCodes,
  ...enDesk,
  ...enDetails,
  ...enEvents,
  ...enExports,
  ...enKeys,
  ...enLead,
  ...enPeople,
  ...enReports,
  ...enRetention,
  ...enWebhooks,
  ...enSearch,
  ...enSecurity,
  ...enSession,
  ...enImports,
  ...enShops,
  ...enStart,
  ...enTrouble,
  ...enWall,
  brand: "Huiyin",
  "brand.line": "The desk for e-commerce customer service",
  "nav.desk": "Desk",
  "nav.wall": "Live wall",
  "nav.main": "Main",

  "session.title": "Sign in",
  "session.login": "Login",
  "session.password": "Password",
  "session.submit": "Sign in",
  "session.missing": "Please enter login and password.",
  "session.out": "Sign out",
  "session.language": "中文",
  "session.dark": "Dark",
  "session.light": "Light",

  "presence.label": "My status",
  "presence.load": "Load {load}/{capacity}",
  "presence.load.why": "{load} conversations at hand, {capacity} at most",

  "wire.online": "Connected",
  "wire.retrying": "Reconnecting",
  "wire.offline": "Disconnected",
  "wire.connecting": "Connecting",
  "wire.now": "Reconnect now",
  "wire.offline.why": "No new messages arrive; retrying by itself. What you see stopped when the line broke. Drafts are kept.",

  "ui.loading": "Loading",
  "ui.home": "Go to my first page",
  "ui.copy": "Copy",
  "ui.copied": "Copied",
  "ui.copy.id": "Copy the id {tail}",
  "ui.retry": "Retry",
  "ui.failed": "That did not work",
  "ui.network": "Cannot reach the server",
  "ui.network.detail": "Check your network and retry. If colleagues see the same, tell your lead.",
  "ui.broken": "The server's answer cannot be read",
  "ui.broken.detail": "Reload the page; if it stays, tell your lead.",
  "ui.crash": "The page broke",
  "ui.crash.detail": "Your drafts are kept on this computer. Reload the page to go on.",
  "ui.reload": "Reload the page",
  "ui.more": "Load more",
  "ui.asof": "As of {time}",
  "ui.none": "—",
  "ui.close": "Close",
  "ui.cancel": "Cancel",
  "ui.back": "Back",
  "ui.no.screen": "No page here is yours",
  "ui.no.screen.detail": "If that is wrong, ask an administrator to change your roles.",
  "ui.missing": "No such page",
  "ui.missing.detail": "The address may be wrong, or the page moved.",

  "time.today": "Today",
  "time.yesterday": "Yesterday",
  "time.seconds": "{n} s",
  "time.minutes": "{n} min {s} s",
  "time.hours": "{n} h {m} min",
  "time.days": "{n} d",
};
