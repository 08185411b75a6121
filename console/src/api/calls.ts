/** The endpoints of docs/api.md by name. */

import { download, get, post, put, query, remove, upload } from "./http";
import type {
  Account,
  AboutShop,
  AccountChange,
  ApprovalShape,
  AskExport,
  Arranged,
  AuditPage,
  AuditState,
  AuditVerdict,
  AuditWanted,
  BackfillShape,
  BaselineShape,
  ChangePassword,
  ChangeRoles,
  Colleague,
  ConnectionShape,
  ConversationDetail,
  ConversationList,
  ConversationShape,
  DeliveryPage,
  DeliveryShape,
  Door,
  EnrolmentShape,
  ExportList,
  ExportShape,
  FigureRows,
  FreezeBaseline,
  FirstSteps,
  FoundSessions,
  GateResult,
  HeldShape,
  ImportPage,
  ImportShape,
  Invite,
  Invited,
  KeyWorkShape,
  KeysShape,
  LinkShape,
  LogisticsShape,
  MadeToken,
  MakeToken,
  MapAccount,
  Me,
  MessageShape,
  Named,
  OpenShop,
  OfferedShape,
  OrderShape,
  PeopleShape,
  PeriodShape,
  PlaceHold,
  PlatformShape,
  PollShape,
  PreviewShape,
  PriceProtectionShape,
  RecoveryCodes,
  RefusedPage,
  ReportShape,
  Retried,
  RevealedShape,
  SearchWanted,
  SendReply,
  SendResult,
  SessionShape,
  SessionsEnded,
  SettleReply,
  SettledReply,
  SignIn,
  StretchShape,
  StretchWanted,
  StuckEvent,
  TimelineShape,
  TokenShape,
  TombstoneShape,
  Transfer,
  Tried,
  UnsettledReplies,
  WallShape,
  WantedWebhook,
  WebhookSecret,
  WebhookShape,
} from "./types";

function at(id: string, rest = ""): string {
  return `/api/desk/conversations/${encodeURIComponent(id)}${rest}`;
}

function line(shop: string, rest = ""): string {
  return `/api/connections/${encodeURIComponent(shop)}${rest}`;
}

function imported(file: string, rest: string): string {
  return `/api/imports/${encodeURIComponent(file)}${rest}`;
}

function hook(webhook: string, rest = ""): string {
  return `/api/webhooks/${encodeURIComponent(webhook)}${rest}`;
}

function spelt(days: StretchWanted): Record<string, string> {
  return { since: days.since, until: days.until, history: String(days.history) };
}

function whose(person: string, rest: string): string {
  return `/api/people/${encodeURIComponent(person)}${rest}`;
}

export const calls = {
  me: () => get<Me>("/api/session"),
  signIn: (body: SignIn) => post<Me>("/api/session", body),
  signOut: () => remove("/api/session"),
  provider: () => get<Door>("/api/oidc"),
  showSecondFactor: (code: string) => post<Me>("/api/session/second-factor", { code }),
  lookAtLink: (token: string) => post<LinkShape>("/api/welcome", { token }),
  acceptLink: (token: string, password: string) => post<Me>("/api/welcome/accept", { token, password }),

  connections: () => get<ConnectionShape[]>("/api/connections"),
  platforms: () => get<PlatformShape[]>("/api/connections/platforms"),
  openShop: (body: OpenShop) => post<ConnectionShape>("/api/connections", body),
  connectShop: (shop: string, settings: Record<string, string>) => put<ConnectionShape>(line(shop), { settings }),
  changeShop: (shop: string, about: AboutShop) => put<ConnectionShape>(`${line(shop)}/about`, about),
  disconnectShop: (shop: string) => remove(line(shop)),
  tryLine: (shop: string, order: string) => post<Tried>(line(shop, "/test"), { order }),

  imports: (cursor: string | null) => get<ImportPage>(`/api/imports${query({ cursor })}`),
  offerFile: (shop: string, what: string, file: File, told: (share: number) => void, signal: AbortSignal) =>
    upload<OfferedShape>(`/api/imports${query({ shop, what })}`, file, told, signal),
  previewFile: (file: string, columns: Record<string, string> | null, sheet: string) =>
    post<PreviewShape>(imported(file, "/preview"), { columns, sheet }),
  startImport: (file: string, columns: Record<string, string>, sheet: string) =>
    post<ImportShape>(imported(file, "/start"), { columns, sheet }),
  stopImport: (file: string) => post<ImportShape>(imported(file, "/stop")),
  refusedRows: (file: string, cursor: string | null) =>
    get<RefusedPage>(imported(file, `/refused${query({ cursor })}`)),

  firstSteps: () => get<FirstSteps>("/api/first-steps"),
  exports: (cursor: string | null) => get<ExportList>(`/api/exports${query({ cursor })}`),
  askExport: (body: AskExport) => post<ExportShape>("/api/exports", body),
  cancelExport: (id: string) => post<ExportShape>(`/api/exports/${encodeURIComponent(id)}/cancel`),
  takeExport: (id: string) => download(`/api/exports/${encodeURIComponent(id)}/download`),

  retention: () => get<PeriodShape[]>("/api/retention"),
  keepFor: (kind: string, days: number | null) =>
    put<PeriodShape[]>(`/api/retention/${encodeURIComponent(kind)}`, { days }),

  webhooks: () => get<WebhookShape[]>("/api/webhooks"),
  webhookKinds: () => get<string[]>("/api/webhooks/kinds"),
  addWebhook: (body: WantedWebhook) => post<WebhookSecret>("/api/webhooks", body),
  changeWebhook: (webhook: string, body: WantedWebhook) => put<WebhookShape>(hook(webhook), body),
  removeWebhook: (webhook: string) => remove(hook(webhook)),
  renewWebhookSecret: (webhook: string) => post<WebhookSecret>(hook(webhook, "/secret")),
  switchWebhook: (webhook: string, to: "on" | "off") => post<WebhookShape>(hook(webhook, `/${to}`)),
  testWebhook: (webhook: string) => post<DeliveryShape>(hook(webhook, "/test")),
  deliveries: (webhook: string, cursor: string | null) => get<DeliveryPage>(hook(webhook, `/deliveries${query({ cursor })}`)),
  resend: (webhook: string, sent: string) =>
    post<DeliveryShape>(hook(webhook, `/deliveries/${encodeURIComponent(sent)}/resend`)),

  backfills: (shop: string) => get<BackfillShape[]>(line(shop, "/backfills")),
  askBackfill: (shop: string, days: number) => post<BackfillShape[]>(line(shop, "/backfills"), { days }),
  steerBackfill: (shop: string, backfill: string, what: "go-on" | "stop") =>
    post<BackfillShape[]>(line(shop, `/backfills/${encodeURIComponent(backfill)}/${what}`)),

  sessions: () => get<SessionShape[]>("/api/account/sessions"),
  endSession: (id: string) => remove(`/api/account/sessions/${encodeURIComponent(id)}`),
  signOutEverywhere: () => remove("/api/account/sessions"),
  accountChanges: () => get<AccountChange[]>("/api/account/changes"),
  changePassword: (body: ChangePassword) => put<Me>("/api/account/password", body),
  beginTotp: (password: string) => post<EnrolmentShape>("/api/account/totp", { password }),
  confirmTotp: (code: string) => post<RecoveryCodes>("/api/account/totp/confirm", { code }),
  removeTotp: (code: string) => post<Me>("/api/account/totp/remove", { code }),
  renewCodes: () => post<RecoveryCodes>("/api/account/recovery-codes"),
  tokens: () => get<TokenShape[]>("/api/account/tokens"),
  makeToken: (body: MakeToken) => post<MadeToken>("/api/account/tokens", body),
  revokeToken: (id: string) => remove(`/api/account/tokens/${encodeURIComponent(id)}`),
  setPresence: (state: string) => put<Me>("/api/desk/presence", { state }),

  list: (tab: string, shop: string, cursor: string | null) =>
    get<ConversationList>(`/api/desk/conversations${query({ tab, shop, cursor })}`),
  open: (id: string) => get<ConversationDetail>(at(id)),
  earlier: (id: string, before: number) => get<ConversationDetail>(at(id, `/messages${query({ before })}`)),
  takeOver: (id: string) => post<ConversationShape>(at(id, "/take-over")),
  check: (id: string, text: string, signal?: AbortSignal) => post<GateResult>(at(id, "/check"), { text }, signal),
  send: (id: string, body: SendReply) => post<SendResult>(at(id, "/send"), body),
  copied: (id: string, message: string) => post<MessageShape>(at(id, `/copied/${encodeURIComponent(message)}`)),
  unsettled: () => get<UnsettledReplies>("/api/desk/unsettled"),
  settle: (id: string, message: string, body: SettleReply) =>
    post<SettledReply>(at(id, `/settle/${encodeURIComponent(message)}`), body),
  reveal: (id: string, message: string, place: number, purpose: string) =>
    post<RevealedShape>(at(id, `/messages/${encodeURIComponent(message)}/reveal`), { place, purpose }),
  transfer: (id: string, body: Transfer) => post<ConversationShape>(at(id, "/transfer"), body),
  close: (id: string, reason: string) => post<ConversationShape>(at(id, "/close"), { reason }),
  read: (id: string) => post<void>(at(id, "/read")),

  orders: (id: string, signal?: AbortSignal) => get<OrderShape[]>(at(id, "/orders"), signal),
  logistics: (id: string, order: string, signal?: AbortSignal) =>
    get<LogisticsShape>(at(id, `/orders/${encodeURIComponent(order)}/logistics`), signal),
  priceProtection: (id: string, order: string, signal?: AbortSignal) =>
    get<PriceProtectionShape[]>(at(id, `/orders/${encodeURIComponent(order)}/price-protection`), signal),
  timeline: (id: string, after: number) => get<TimelineShape>(at(id, `/timeline${query({ after })}`)),
  attribution: (id: string) => get<StretchShape[]>(at(id, "/attribution")),
  colleagues: (id: string) => get<Colleague[]>(at(id, "/colleagues")),

  stuck: () => get<StuckEvent[]>("/api/stuck"),
  retry: (listener: string, subject: string) =>
    post<Retried>(`/api/stuck/${encodeURIComponent(listener)}/${encodeURIComponent(subject)}/retry`),
  accounts: () => get<Account[]>("/api/accounts"),
  accountPeople: (shop: string) => get<Named[]>(`/api/accounts/people${query({ shop })}`),
  mapAccount: (body: MapAccount) => post<Account>("/api/accounts", body),
  polls: (signal?: AbortSignal) => get<PollShape[]>("/api/desk/polls", signal),

  people: () => get<PeopleShape>("/api/people"),
  invite: (body: Invite) => post<Invited>("/api/people", body),
  changeRoles: (person: string, body: ChangeRoles) => put<Arranged>(whose(person, "/roles"), body),
  deactivate: (person: string) => post<void>(whose(person, "/deactivate")),
  reactivate: (person: string) => post<void>(whose(person, "/reactivate")),
  sendLink: (person: string, secondFactor: boolean) => post<Invited>(whose(person, "/link"), { secondFactor }),
  unlock: (person: string) => post<void>(whose(person, "/unlock")),
  endSessions: (person: string) => remove<SessionsEnded>(whose(person, "/sessions")),

  approvals: () => get<ApprovalShape[]>("/api/approvals"),
  approve: (id: string) => post<void>(`/api/approvals/${encodeURIComponent(id)}/approve`),
  refuseApproval: (id: string) => post<void>(`/api/approvals/${encodeURIComponent(id)}/refuse`),

  search: (wanted: SearchWanted, cursor: string | null) =>
    post<FoundSessions>("/api/sessions/search", { ...wanted, cursor }),
  audit: (wanted: AuditWanted, cursor: string | null) => get<AuditPage>(`/api/audit${query({ ...wanted, cursor })}`),
  auditState: () => get<AuditState>("/api/audit/state"),
  auditPeople: () => get<Named[]>("/api/audit/people"),
  verifyAudit: () => post<AuditVerdict>("/api/audit/verify"),

  keys: () => get<KeysShape>("/api/keys"),
  turnKeys: (what: string) => post<KeyWorkShape>("/api/keys/turn", { what }),
  findCustomer: (by: string, value: string) => post<HeldShape[]>("/api/keys/customers", { by, value }),
  shred: (customer: string, reason: string) =>
    post<TombstoneShape>(`/api/keys/customers/${encodeURIComponent(customer)}/shred`, { reason }),
  placeHold: (body: PlaceHold) => post<void>("/api/keys/holds", body),
  liftHold: (hold: string) => post<void>(`/api/keys/holds/${encodeURIComponent(hold)}/lift`),

  wall: (shop: string) => get<WallShape>(`/api/wall${query({ shop })}`),
  report: (days: StretchWanted, shop: string) => get<ReportShape>(`/api/reports${query({ ...spelt(days), shop })}`),
  reportRows: (figure: string, days: StretchWanted, shop: string, cursor: string | null) =>
    get<FigureRows>(`/api/reports/rows${query({ figure, ...spelt(days), shop, cursor })}`),
  baselines: (shop: string) => get<BaselineShape[]>(`/api/reports/baselines${query({ shop })}`),
  freezeBaseline: (body: FreezeBaseline) => post<BaselineShape[]>("/api/reports/baselines", body),
  exportReport: (days: StretchWanted, shop: string) => download("/api/reports/export", { ...days, shop }),
  wallRows: (figure: string, about: { shop: string; agent: string }, cursor: string | null) =>
    get<FigureRows>(`/api/wall/rows${query({ figure, ...about, cursor })}`),
};
