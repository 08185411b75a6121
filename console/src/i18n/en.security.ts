/** English for `zh.security`. */

import type { zhSecurity } from "./zh.security";

export const enSecurity: Record<keyof typeof zhSecurity, string> = {
  "hidden.phone": "phone number",
  "hidden.name": "name",
  "hidden.address": "address",
  "hidden.email": "e-mail address",
  "hidden.wechat": "WeChat id",
  "hidden.qq": "QQ number",
  "hidden.plate": "licence plate",
  "hidden.code": "one-time or pick-up code",
  "hidden.id_number": "identity number",
  "hidden.bank_card": "bank card number",
  "hidden.other": "personal data",
  "purpose.delivery": "Call about a delivery",
  "purpose.address_change": "Change an address",
  "purpose.refund": "Check a refund",
  "purpose.invoice": "Write an invoice",
  "purpose.after_sale": "After-sale",
  "purpose.complaint": "Handle a complaint",
  "purpose.other": "Another purpose",
  "reveal.ask": "Show the {kind}",
  "reveal.masked": "{kind}, masked",
  "reveal.of": "Masked in the message:",
  "reveal.purpose": "What for",
  "reveal.written": "Who saw what, when and what for is written into the audit.",
  "reveal.submit": "Show",
  "reveal.seconds": "Closes in {n} s",
  "reveal.left": "{n} more this hour",
  "reveal.hide": "Close",
  "reveal.gone": "There is nothing here to show",
  "reveal.gone.do": "It may have been erased at the customer's wish, or your role does not see this kind. Ask your lead.",
  "reveal.taken": "This conversation is not on your desk",
  "reveal.taken.do": "Take it over first.",
  "keys.reveal": "To masked data, Enter shows it",

  "proof.why": "This step needs your second factor once more; then not again for 15 minutes.",
  "proof.none": "No second factor is set up",
  "proof.none.detail":
    "This step needs one. Set one up in your account, then come back and go on.",
  "proof.door": "Set one up",

  "trouble.reveal_hour": "You have seen as many as one may within an hour. If it is urgent, ask your lead.",
  "trouble.reveal_day": "You have seen as many as one may within a day. If it is urgent, ask your lead.",
};
