/** By whom, what, about what, from when until when. */

import { Button, Input, Select } from "antd";
import { useState } from "react";
import type { AuditWanted, Named } from "../../api/types";
import { codesOf, codeWord, useWords } from "../../i18n";
import page from "../../pieces/page.module.css";
import { fieldOf, momentOf } from "../../pieces/time";
import css from "./audit.module.css";

export const ANYTHING: AuditWanted = { by: "", action: "", subject: "", since: "", until: "" };

interface FiltersProps {
  wanted: AuditWanted;
  look: (wanted: AuditWanted) => void;
  people: readonly Named[];
}

export function Filters({ wanted, look, people }: FiltersProps) {
  const words = useWords();
  const set = (part: Partial<AuditWanted>) => look({ ...wanted, ...part });
  const known = people.some((one) => `person:${one.id}` === wanted.by);
  const elsewhere = wanted.by !== "" && !known ? [{ value: wanted.by, label: words("audit.only.who") }] : [];
  return (
    <div className={`${page.head} ${css.filters}`}>
      <Select
        size="small"
        showSearch
        optionFilterProp="label"
        aria-label={words("audit.who")}
        value={wanted.by}
        popupMatchSelectWidth={false}
        onChange={(by) => set({ by })}
        options={[
          { value: "", label: words("audit.who.all") },
          ...people.map((one) => ({ value: `person:${one.id}`, label: one.name })),
          ...elsewhere,
        ]}
      />
      <Select
        size="small"
        showSearch
        optionFilterProp="label"
        aria-label={words("audit.what")}
        value={wanted.action}
        popupMatchSelectWidth={false}
        onChange={(action) => set({ action })}
        options={[
          { value: "", label: words("audit.what.all") },
          ...codesOf("action").map((code) => ({ value: code, label: codeWord(words, "action", code) })),
        ]}
      />
      <Subject key={wanted.subject} subject={wanted.subject} look={(subject) => set({ subject })} />
      <Moment word={words("audit.since")} at={wanted.since} set={(since) => set({ since })} />
      <Moment word={words("audit.until")} at={wanted.until} set={(until) => set({ until })} />
      {wanted === ANYTHING ? null : (
        <Button size="small" type="text" onClick={() => look(ANYTHING)}>
          {words("audit.clear")}
        </Button>
      )}
    </div>
  );
}

function Subject({ subject, look }: { subject: string; look: (subject: string) => void }) {
  const words = useWords();
  const [text, setText] = useState(subject);
  const done = () => text.trim() !== subject && look(text.trim());
  return (
    <Input
      size="small"
      allowClear
      className={css.subject ?? ""}
      maxLength={200}
      placeholder={words("audit.subject.hint")}
      aria-label={words("audit.subject.hint")}
      value={text}
      onChange={(event) => setText(event.target.value)}
      onPressEnter={done}
      onBlur={done}
    />
  );
}

function Moment({ word, at, set }: { word: string; at: string; set: (at: string) => void }) {
  return (
    <label className={css.moment}>
      {word}
      <Input
        size="small"
        type="datetime-local"
        value={at ? fieldOf(at) : ""}
        onChange={(event) => set(momentOf(event.target.value) ?? "")}
      />
    </label>
  );
}
