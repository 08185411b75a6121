/** The shapes of the HTTP door, by name. The schema is generated from openapi.json: `make api`. */
import type { components } from "./schema";

type Shapes = components["schemas"];

/** RFC 3339 with zone. */
export type Time = string;

export type Named = Shapes["Named"];
export type SignIn = Shapes["SignIn"];
export type Door = Shapes["Door"];
export type LinkShape = Shapes["LinkShape"];
export type SessionShape = Shapes["SessionShape"];
export type ChangePassword = Shapes["ChangePassword"];
export type EnrolmentShape = Shapes["EnrolmentShape"];
export type RecoveryCodes = Shapes["RecoveryCodes"];
export type TokenShape = Shapes["TokenShape"];
export type MakeToken = Shapes["MakeToken"];
export type MadeToken = Shapes["MadeToken"];
export type Me = Shapes["Me"];
export type PersonShape = Shapes["PersonShape"];
export type PeopleShape = Shapes["PeopleShape"];
export type ChangeRoles = Shapes["ChangeRoles"];
export type Invite = Shapes["Invite"];
export type Invited = Shapes["Invited"];
export type Arranged = Shapes["Arranged"];
export type ApprovalShape = Shapes["ApprovalShape"];
export type AccountChange = Shapes["AccountChange"];
export type SessionsEnded = Shapes["SessionsEnded"];
export type AuditLine = Shapes["AuditLine"];
export type AuditPage = Shapes["AuditPage"];
export type AuditKey = Shapes["AuditKey"];
export type AuditState = Shapes["AuditState"];
export type AuditFinding = Shapes["AuditFinding"];
export type AuditVerdict = Shapes["AuditVerdict"];
export type KeyCount = Shapes["KeyCount"];
export type HoldShape = Shapes["HoldShape"];
export type HeldShape = Shapes["HeldShape"];
export type PlaceHold = Shapes["PlaceHold"];
export type TombstoneShape = Shapes["TombstoneShape"];
export type KeyWorkShape = Shapes["KeyWorkShape"];
export type KeysShape = Shapes["KeysShape"];
export type ShopShape = Shapes["ShopShape"];
export type PollShape = Shapes["PollShape"];
export type Citation = Shapes["Citation"];
export type FindingShape = Shapes["FindingShape"];
export type HiddenShape = Shapes["HiddenShape"];
export type RevealedShape = Shapes["RevealedShape"];
export type MessageShape = Shapes["MessageShape"];
export type ConversationShape = Shapes["ConversationShape"];
export type StretchShape = Shapes["StretchShape"];
export type Suggestion = Shapes["Suggestion"];
export type ConversationDetail = Shapes["ConversationDetail"];
export type ConversationList = Shapes["ConversationList"];
export type SendReply = Shapes["SendReply"];
export type GateResult = Shapes["GateResult"];
export type SendResult = Shapes["SendResult"];
export type SettleReply = Shapes["SettleReply"];
export type SettledReply = Shapes["SettledReply"];
export type UnsettledReply = Shapes["UnsettledReply"];
export type UnsettledReplies = Shapes["UnsettledReplies"];
export type StuckEvent = Shapes["StuckEvent"];
export type Retried = Shapes["Retried"];
export type Account = Shapes["Account"];
export type SittingShape = Shapes["SittingShape"];
export type MapAccount = Shapes["MapAccount"];
export type Transfer = Shapes["Transfer"];
export type Colleague = Shapes["Colleague"];
export type OrderLineShape = Shapes["OrderLineShape"];
export type OrderShape = Shapes["OrderShape"];
export type TraceStepShape = Shapes["TraceStepShape"];
export type LogisticsShape = Shapes["LogisticsShape"];
export type PriceProtectionShape = Shapes["PriceProtectionShape"];
export type FigureShape = Shapes["FigureShape"];
export type WallGroup = Shapes["WallGroup"];
export type WallQuarter = Shapes["WallQuarter"];
export type WallShape = Shapes["WallShape"];
export type FigureRow = Shapes["FigureRow"];
export type FigureRows = Shapes["FigureRows"];

/** What an auditor looks for; "" leaves it open. */
export type FoundSessions = Shapes["FoundSessions"];
export type FoundSession = Shapes["FoundSession"];
export type Facet = Shapes["Facet"];
export type Snippet = Shapes["SnippetShape"];
/** What is looked for; a page is asked for beside it. */
export type SearchWanted = Required<Omit<Shapes["SearchSessions"], "cursor">>;

export interface AuditWanted {
  by: string;
  action: string;
  subject: string;
  since: string;
  until: string;
}

export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: string;
  retryAfter: number | null;
}
export type AskedShape = Shapes["AskedShape"];
export type PlatformShape = Shapes["PlatformShape"];
export type AbilityShape = Shapes["AbilityShape"];
export type FirstSteps = Shapes["FirstSteps"];
export type AccessToldShape = Shapes["AccessToldShape"];
export type ConnectionShape = Shapes["ConnectionShape"];
export type AboutShop = Shapes["AboutShop"];
export type OpenShop = Shapes["OpenShop"];
export type Tried = Shapes["Tried"];
export type ImportShape = Shapes["ImportShape"];
export type PreviewShape = Shapes["PreviewShape"];
export type OfferedShape = Shapes["OfferedShape"];
export type ImportPage = Shapes["ImportPage"];
export type RefusedPage = Shapes["RefusedPage"];
export type RefusedRow = Shapes["RefusedRow"];
export type WebhookShape = Shapes["WebhookShape"];
export type WebhookSecret = Shapes["WebhookSecret"];
export type WantedWebhook = Required<Shapes["WantedWebhook"]>;
export type DeliveryShape = Shapes["DeliveryShape"];
export type DeliveryPage = Shapes["DeliveryPage"];
export type PeriodShape = Shapes["PeriodShape"];
export type BackfillShape = Shapes["BackfillShape"];
export type ReportShape = Shapes["ReportShape"];
export type TimelineShape = Shapes["TimelineShape"];
export type HappeningShape = Shapes["HappeningShape"];
export type ExportShape = Shapes["ExportShape"];
export type ExportList = Shapes["ExportList"];
export type AskExport = Shapes["AskExport"];
export type BaselineShape = Shapes["BaselineShape"];
export type FreezeBaseline = Shapes["FreezeBaseline"];
export type ApartShape = Shapes["ApartShape"];
export type ComparedShape = Shapes["ComparedShape"];

/** Days, both included, as 2026-11-22, and whether imported and backfilled sessions count. */
export interface StretchWanted {
  since: string;
  until: string;
  history: boolean;
}
