/** Which sessions: of whom, said by whom, of which days; beside each choice how many of those found are so. */

import { Button, Input, Select } from "antd";
import type { Facet, FoundSessions, Me, SearchWanted } from "../../api/types";
import { codesOf, codeWord, useWords, type CodeGroup } from "../../i18n";
import page from "../../pieces/page.module.css";
import css from "./search.module.css";

export const ANY: SearchWanted = {
  words: "", shop: "", agent: "", side: "", platform: "", origin: "", state: "", risk: "", first: null, last: null,
};

interface FiltersProps {
  me: Me;
  wanted: SearchWanted;
  look: (wanted: SearchWanted) => void;
  found: FoundSessions | undefined;
}

interface Choice {
  value: string;
  label: string;
}

export function Filters({ me, wanted, look, found }: FiltersProps) {
  const words = useWords();
  const set = (part: Partial<SearchWanted>) => look({ ...wanted, ...part });
  const coded = (group: CodeGroup, facets?: readonly Facet[]) =>
    codesOf(group).map((value) => counted({ value, label: codeWord(words, group, value) }, facets));
  const shops = me.shops.map((one) => counted({ value: one.id, label: one.name }, found?.shops));
  const agents = (found?.agents ?? []).map((one) => counted({ value: one.value, label: one.name }, found?.agents));
  if (wanted.agent !== "" && !agents.some((one) => one.value === wanted.agent)) {
    agents.push({ value: wanted.agent, label: words("search.agent") });
  }
  const narrowed = Object.entries(wanted).some(([name, value]) => name !== "words" && value);
  return (
    <div className={`${page.head} ${css.filters}`}>
      <Pick word="search.shop" value={wanted.shop} choices={shops} pick={(shop) => set({ shop })} />
      <Pick word="search.agent" value={wanted.agent} choices={agents} pick={(agent) => set({ agent })} />
      <Pick word="search.side" value={wanted.side} choices={coded("side")} pick={(side) => set({ side: side as SearchWanted["side"] })} />
      <Pick word="search.state" value={wanted.state} choices={coded("state", found?.states)} pick={(state) => set({ state: state as SearchWanted["state"] })} />
      <Pick word="search.risk" value={wanted.risk} choices={coded("risk", found?.risks)} pick={(risk) => set({ risk: risk as SearchWanted["risk"] })} />
      <Pick word="search.origin" value={wanted.origin} choices={coded("origin", found?.origins)} pick={(origin) => set({ origin: origin as SearchWanted["origin"] })} />
      <Pick word="search.platform" value={wanted.platform} choices={coded("platform")} pick={(platform) => set({ platform })} />
      <Day word={words("search.first")} day={wanted.first} set={(first) => set({ first })} />
      <Day word={words("search.last")} day={wanted.last} set={(last) => set({ last })} />
      {narrowed ? (
        <Button size="small" type="text" onClick={() => look({ ...ANY, words: wanted.words })}>
          {words("search.clear")}
        </Button>
      ) : null}
    </div>
  );
}

/** A choice with how many of those found are so. */
function counted(choice: Choice, facets?: readonly Facet[]): Choice {
  const number = facets?.find((one) => one.value === choice.value)?.number;
  return number ? { ...choice, label: `${choice.label} ${number}` } : choice;
}

type PickWord = "shop" | "agent" | "side" | "state" | "risk" | "origin" | "platform";

interface PickProps {
  word: `search.${PickWord}`;
  value: string;
  choices: Choice[];
  pick: (value: string) => void;
}

function Pick({ word, value, choices, pick }: PickProps) {
  const words = useWords();
  return (
    <Select
      size="small"
      showSearch
      optionFilterProp="label"
      aria-label={words(word)}
      value={value}
      popupMatchSelectWidth={false}
      onChange={pick}
      options={[{ value: "", label: words(`${word}.all`) }, ...choices]}
    />
  );
}

function Day({ word, day, set }: { word: string; day: string | null; set: (day: string | null) => void }) {
  return (
    <label className={css.day}>
      {word}
      <Input size="small" type="date" value={day ?? ""} onChange={(event) => set(event.target.value || null)} />
    </label>
  );
}
