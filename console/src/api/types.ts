/** The shapes of docs/api.md, as the wire carries them. Mirrors src/huiyin/web/shapes.py. */

/** RFC 3339 with zone. */
export type Time = string;

export interface Named {
  id: string;
  name: string;
}

export interface SignIn {
  login: string;
  password: string;
}

export interface Me {
  id: string;
  name: string;
  roles: string[];
  organisation: string;
  shops: Named[];
  presence: string | null;
  capacity: number | null;
  load: number | null;
}

export interface ShopShape {
  id: string;
  name: string;
  platform: string;
  tier: string;
  capabilities: string[];
}

export interface Citation {
  kind: string;
  ref: string;
  title: string;
  quote: string;
  asOf: Time;
}

export interface FindingShape {
  rule: string;
  title: string;
  severity: string;
  start: number;
  end: number;
  reason: string;
}

export interface MessageShape {
  id: string;
  version: number;
  sender: string;
  author: string;
  kind: string;
  text: string;
  data: Record<string, string>;
  at: Time;
  receivedAt: Time;
  delivery: string | null;
  flags: string[];
  citations: Citation[];
  findings: FindingShape[];
  note: string;
}

export interface ConversationShape {
  id: string;
  version: number;
  shop: ShopShape;
  customer: string;
  state: string;
  origin: string;
  skill: string;
  agent: Named | null;
  openedAt: Time;
  waitingSince: Time | null;
  closedAt: Time | null;
  lastText: string;
  lastSender: string;
  lastAt: Time;
  unread: number;
  findings: number;
  risk: string;
}

export interface Suggestion {
  id: string;
  text: string;
  basedOn: string;
  citations: Citation[];
  reason: string;
}

export interface ConversationDetail {
  conversation: ConversationShape;
  messages: MessageShape[];
  earlier: boolean;
  suggestions: Suggestion[];
}

export interface ConversationList {
  conversations: ConversationShape[];
  counts: Record<string, number>;
  nextCursor: string | null;
}

export interface SendReply {
  text: string;
  key: string;
  suggestion: string | null;
  acknowledged: boolean;
}

export interface GateResult {
  outcome: string;
  findings: FindingShape[];
}

export interface SendResult {
  outcome: string;
  message: MessageShape | null;
  findings: FindingShape[];
}

export interface Transfer {
  person: string | null;
  skill: string | null;
  note: string;
}

export interface Colleague {
  id: string;
  name: string;
  presence: string;
  load: number;
  capacity: number;
  skills: string[];
}

export interface OrderLineShape {
  skuId: string;
  name: string;
  count: number;
  priceFen: number;
}

export interface OrderShape {
  orderId: string;
  state: string;
  stateLabel: string;
  totalFen: number;
  paidFen: number;
  createdAt: Time;
  paidAt: Time | null;
  lines: OrderLineShape[];
  waybill: string;
  plus: boolean | null;
  asOf: Time;
}

export interface TraceStepShape {
  at: Time;
  text: string;
}

export interface LogisticsShape {
  waybill: string;
  carrier: string;
  steps: TraceStepShape[];
  asOf: Time;
}

export interface PriceProtectionShape {
  applicationId: string;
  orderId: string;
  skuName: string;
  boughtAtFen: number;
  appliedFen: number;
  refundedFen: number;
  stateLabel: string;
  appliedAt: Time;
  asOf: Time;
}

export interface FigureShape {
  key: string;
  unit: string;
  value: number | null;
  part: number | null;
  whole: number | null;
  target: number | null;
}

export interface WallGroup {
  id: string;
  name: string;
  figures: FigureShape[];
}

export interface WallQuarter {
  at: Time;
  opened: number;
  within30: number;
  within120: number;
}

export interface WallShape {
  asOf: Time;
  day: string;
  figures: FigureShape[];
  shops: WallGroup[];
  agents: WallGroup[];
  course: WallQuarter[];
}

export interface FigureRow {
  conversation: string;
  shop: string;
  customer: string;
  agent: string;
  origin: string;
  state: string;
  openedAt: Time;
  firstResponseSeconds: number | null;
  answeredBy: string;
  findings: number;
  counted: boolean;
  why: string;
}

export interface FigureRows {
  figure: string;
  definition: string;
  rows: FigureRow[];
  nextCursor: string | null;
}

export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
}
