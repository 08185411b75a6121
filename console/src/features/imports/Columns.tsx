/** Which column of the file is what: each column with its first cells, and what it is read as. */

import { Select } from "antd";
import type { PreviewShape } from "../../api/types";
import { codeWord, useWords } from "../../i18n";
import css from "./imports.module.css";

interface ColumnsProps {
  seen: PreviewShape;
  columns: Readonly<Record<string, string>>;
  change: (columns: Record<string, string>) => void;
}

export function Columns({ seen, columns, change }: ColumnsProps) {
  const words = useWords();
  const readAs = new Map(Object.entries(columns).map(([field, column]) => [column, field]));
  const options = [
    { value: "", label: words("imports.unread") },
    ...seen.fields.map((one) => ({
      value: one.name,
      label: codeWord(words, "imported", one.name) + (one.required ? ` · ${words("imports.needed")}` : ""),
    })),
  ];
  const choose = (column: string, field: string) => {
    const rest = Object.entries(columns).filter(([name, other]) => name !== field && other !== column);
    change(Object.fromEntries(field === "" ? rest : [...rest, [field, column]]));
  };
  const open = seen.fields.filter((one) => one.required && !columns[one.name]);
  return (
    <>
      <table className={css.columns}>
        <thead>
          <tr>
            <th scope="col">{words("imports.column")}</th>
            <th scope="col">{words("imports.field")}</th>
            <th scope="col">{words("imports.sample")}</th>
          </tr>
        </thead>
        <tbody>
          {seen.columns.map((column, place) => (
            <tr key={column} data-read={readAs.has(column) || undefined}>
              <th scope="row">{column}</th>
              <td>
                <Select
                  size="small"
                  showSearch
                  optionFilterProp="label"
                  aria-label={`${column}: ${words("imports.field")}`}
                  value={readAs.get(column) ?? ""}
                  options={options}
                  onChange={(field: string) => choose(column, field)}
                />
              </td>
              <td>{[...new Set(seen.sample.map((row) => row[place]))].filter(Boolean).slice(0, 3).join(" ｜ ")}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {open.length > 0 ? (
        <p className={css.note}>
          {words("trouble.field_missing")} {open.map((one) => codeWord(words, "imported", one.name)).join("、")}
        </p>
      ) : null}
    </>
  );
}
