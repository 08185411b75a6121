/** How far each tab of the list has been read. */

import type { Trouble } from "../api/http";
import type { Tab } from "./lines";

export interface PageState {
  readonly loaded: boolean;
  readonly loading: boolean;
  readonly trouble: Trouble | null;
  readonly next: string | null;
  /** Pages held. */
  readonly depth: number;
}

export type Pages = Readonly<Record<Tab, PageState>>;

const NOTHING: PageState = { loaded: false, loading: false, trouble: null, next: null, depth: 0 };

export const NO_PAGES: Pages = { mine: NOTHING, waiting: NOTHING, bot: NOTHING, closed: NOTHING };
