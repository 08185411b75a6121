/** What is to be taken out: whose sessions, of which days, a row for what, in which form. */

import { useQueryClient } from "@tanstack/react-query";
import { Button, Input, Modal, Segmented, Select } from "antd";
import { useState } from "react";
import { calls } from "../../api/calls";
import type { AskExport as Asked, Me } from "../../api/types";
import { codeWord, useLanguage, useWords } from "../../i18n";
import { useDeed } from "../../pieces/deed";
import page from "../../pieces/page.module.css";
import { TroubleNote } from "../../pieces/states";
import { dayOf } from "../../pieces/time";
import css from "./exports.module.css";
import { EXPORTS } from "./standing";

const DAY_MS = 86_400_000;
const USUAL = [
  { length: 1, word: "exports.yesterday" },
  { length: 7, word: "exports.week" },
  { length: 30, word: "exports.month" },
] as const;
const LANGUAGES = [
  { value: "zh", label: "中文" },
  { value: "en", label: "English" },
] as const;

function lately(length: number): Pick<Asked, "first" | "last"> {
  const now = Date.now();
  return { first: dayOf(now - length * DAY_MS), last: dayOf(now - DAY_MS) };
}

export function AskExport({ me, close }: { me: Me; close: () => void }) {
  const words = useWords();
  const client = useQueryClient();
  const { language } = useLanguage();
  const [asked, setAsked] = useState<Asked>(() => ({
    shops: me.shops.slice(0, 1).map((one) => one.id), ...lately(1), content: "sessions", form: "xlsx", language,
  }));
  const set = (part: Partial<Asked>) => setAsked((now) => ({ ...now, ...part }));
  const ask = useDeed(
    () => calls.askExport(asked),
    () => {
      void client.invalidateQueries({ queryKey: EXPORTS });
      close();
    },
  );
  const ready = asked.shops.length > 0 && asked.first !== "" && asked.last !== "" && asked.first <= asked.last;
  return (
    <Modal open width={560} style={{ top: 24 }} title={words("exports.new")} footer={null} onCancel={close}>
      <form
        className={page.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) void ask.run();
        }}
      >
        <label>
          {words("exports.shops")}
          <Select
            mode="multiple"
            value={asked.shops}
            options={me.shops.map((one) => ({ value: one.id, label: one.name }))}
            onChange={(shops) => set({ shops })}
            optionFilterProp="label"
          />
        </label>
        <div>
          {words("exports.days")}
          <div className={css.days}>
            {(["first", "last"] as const).map((name) => (
              <Input
                key={name}
                className={css.day}
                type="date"
                aria-label={words(name === "first" ? "exports.first" : "exports.last")}
                value={asked[name]}
                onChange={(event) => set({ [name]: event.target.value })}
              />
            ))}
            {USUAL.map(({ length, word }) => {
              const days = lately(length);
              const chosen = days.first === asked.first && days.last === asked.last;
              return (
                <Button key={word} size="small" type={chosen ? "primary" : "default"} aria-pressed={chosen} onClick={() => set(days)}>
                  {words(word)}
                </Button>
              );
            })}
          </div>
        </div>
        <Choice label={words("exports.content")} value={asked.content} choices={["sessions", "messages"]} pick={(content) => set({ content })} />
        <Choice label={words("exports.form")} value={asked.form} choices={["xlsx", "csv"]} pick={(form) => set({ form })} />
        <div role="group" aria-label={words("exports.language")}>
          <div>{words("exports.language")}</div>
          <Segmented value={asked.language} options={[...LANGUAGES]} onChange={(chosen) => set({ language: chosen })} />
        </div>
        <p className={page.faint}>{words("exports.masked")}</p>
        {ask.trouble ? <TroubleNote trouble={ask.trouble} /> : null}
        {ask.dialog}
        <div className={page.acts} style={{ justifyContent: "flex-end" }}>
          <Button onClick={close}>{words("ui.cancel")}</Button>
          <Button type="primary" htmlType="submit" loading={ask.busy} disabled={!ready}>
            {words("exports.ask")}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

interface ChoiceProps<T extends string> {
  label: string;
  value: T | undefined;
  choices: readonly T[];
  pick: (value: T) => void;
}

function Choice<T extends string>({ label, value, choices, pick }: ChoiceProps<T>) {
  const words = useWords();
  const options = choices.map((one) => ({ value: one, label: codeWord(words, "export", one) }));
  return (
    <div role="group" aria-label={label}>
      <div>{label}</div>
      <Segmented<T> value={value ?? choices[0]!} options={options} onChange={pick} />
    </div>
  );
}
