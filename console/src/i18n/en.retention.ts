/** How long things are kept. */
export const enRetention = {
  "nav.settings": "Settings",
  "retention.title": "Retention",
  "retention.what":
    "What is past its period is wiped from the database and the search, for good; who served, how long it took, what inspection found and what settlement rests on stay. A legal hold outranks it. Earlier backups go when they are replaced.",
  "retention.originals": "Customers' personal data behind masks",
  "retention.originals.what": "Phones, addresses and the like. Afterwards the masks alone are left, and nobody can reveal them.",
  "retention.words": "What was said",
  "retention.words.what": "The words of customers, bot and agents, hand-over notes, customers' accounts. Afterwards the figures alone are left.",
  "retention.other": "Other",
  "retention.always": "Always",
  "retention.days": "{n} days",
  "retention.advised": "{n} days advised",
  "retention.least": "{n} days at least",
  "retention.next": "{days} from {time} on, which wipes {n} sessions; until then it can be taken back.",
  "retention.due": "{n} sessions are being wiped",
  "retention.change": "Change",
  "retention.undo": "Back to {days}",
  "retention.save": "Save",
  "retention.input": "Days to keep",
  "retention.shorter": "A shorter period comes into force after seven days and can be taken back until then; a longer one at once.",
  "retention.saved": "Saved",
} as const;
