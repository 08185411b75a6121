/** The settings a platform asks for, as fields. A secret is typed in and never shown; left empty it stays. */

import { Checkbox, Input, Select } from "antd";
import type { AskedShape } from "../../api/types";
import { codeWord, hasWord, useWords } from "../../i18n";
import page from "../../pieces/page.module.css";

interface FieldsProps {
  asked: readonly AskedShape[];
  given: Record<string, string>;
  /** Names of secrets that are set already. */
  kept: readonly string[];
  change: (name: string, value: string) => void;
}

export function SettingsFields({ asked, given, kept, change }: FieldsProps) {
  return (
    <>
      {asked.map((one) => (
        <Field
          key={one.name}
          one={one}
          value={given[one.name] ?? ""}
          kept={kept.includes(one.name)}
          change={(value) => change(one.name, value)}
        />
      ))}
    </>
  );
}

interface FieldProps {
  one: AskedShape;
  value: string;
  kept: boolean;
  change: (value: string) => void;
}

function Field({ one, value, kept, change }: FieldProps) {
  const words = useWords();
  const name = codeWord(words, "setting", one.name);
  const why = hasWord("settingwhy", one.name) ? codeWord(words, "settingwhy", one.name) : "";
  // Ours to draw: the shop's drawer shows it in the code for the page.
  if (one.kind === "site") return null;
  if (one.kind === "switch") {
    return (
      <Checkbox checked={value === "true"} onChange={(event) => change(event.target.checked ? "true" : "")}>
        {name}
        {why ? <small className={page.faint}> {why}</small> : null}
      </Checkbox>
    );
  }
  return (
    <label>
      <span>
        {name}
        {one.required ? <small className={page.faint}> {words("shops.required")}</small> : null}
      </span>
      {one.kind === "choice" ? (
        <Select
          allowClear={!one.required}
          value={value || null}
          placeholder={words("shops.usual")}
          options={one.choices.map((each) => ({ value: each, label: codeWord(words, "settingchoice", each) }))}
          onChange={(chosen: string | null) => change(chosen ?? "")}
        />
      ) : (
        <Input
          type={one.kind === "secret" ? "password" : "text"}
          autoComplete="off"
          maxLength={2000}
          placeholder={kept ? words("shops.kept") : ""}
          value={value}
          onChange={(event) => change(event.target.value)}
        />
      )}
      {why ? <small>{why}</small> : null}
    </label>
  );
}

/** True if everything that is needed is filled in, or was before. */
export function isWhole(asked: readonly AskedShape[], given: Record<string, string>, kept: readonly string[]): boolean {
  return asked.every((one) => !one.required || kept.includes(one.name) || (given[one.name] ?? "").trim() !== "");
}
