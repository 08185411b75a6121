/** How a masked stretch of a message asks to be shown. Only a screen that can show it answers. */

import { createContext } from "react";
import type { MessageShape } from "../../api/types";

export type AskToReveal = (message: MessageShape, place: number) => void;

export const Revealing = createContext<AskToReveal | null>(null);
