/** A new import in two steps: which file of which shop, then which column is what. Nothing comes in before the last key. */

import { useQueryClient } from "@tanstack/react-query";
import { Button, Modal, Progress, Select, Upload } from "antd";
import { Fragment, useEffect, useRef, useState } from "react";
import { calls } from "../../api/calls";
import type { ImportShape, Me, OfferedShape, PreviewShape } from "../../api/types";
import { codeWord, useWords } from "../../i18n";
import { useDeed } from "../../pieces/deed";
import page from "../../pieces/page.module.css";
import { TroubleNote } from "../../pieces/states";
import { stamp } from "../../pieces/time";
import { Columns } from "./Columns";
import css from "./imports.module.css";
import { IMPORTS } from "./standing";

const KINDS = ["chats", "service_manager", "business_intelligence", "other"] as const;

export function NewImport({ me, close }: { me: Me; close: () => void }) {
  const words = useWords();
  const client = useQueryClient();
  const [offered, setOffered] = useState<OfferedShape | null>(null);
  const again = () => {
    if (offered) void calls.stopImport(offered.file.id).catch(() => undefined);
    setOffered(null);
  };
  const leave = () => {
    again();
    close();
  };
  const started = () => {
    void client.invalidateQueries({ queryKey: IMPORTS });
    close();
  };
  return (
    <Modal
      open
      width={offered ? 760 : 520}
      style={{ top: 24 }}
      title={offered ? offered.file.name || words("imports.new") : words("imports.new")}
      footer={null}
      maskClosable={false}
      onCancel={leave}
    >
      {offered ? (
        <Review key={offered.file.id} file={offered.file} first={offered.preview} again={again} started={started} />
      ) : (
        <Choose me={me} offered={setOffered} />
      )}
    </Modal>
  );
}

function Choose({ me, offered }: { me: Me; offered: (told: OfferedShape) => void }) {
  const words = useWords();
  const [shop, setShop] = useState(me.shops[0]?.id ?? "");
  const [what, setWhat] = useState<string>("chats");
  const [share, setShare] = useState(0);
  const chosen = useRef<File | null>(null);
  const leaving = useRef(new AbortController());
  useEffect(() => {
    const control = new AbortController();
    leaving.current = control;
    return () => control.abort();
  }, []);
  const send = useDeed(() => {
    setShare(0);
    return calls.offerFile(shop, what, chosen.current!, setShare, leaving.current.signal);
  }, offered);
  return (
    <div className={page.form}>
      <label>
        {words("imports.shop")}
        <Select
          value={shop}
          options={me.shops.map((one) => ({ value: one.id, label: one.name }))}
          onChange={setShop}
        />
      </label>
      <label>
        {words("imports.what")}
        <Select
          value={what}
          options={KINDS.map((one) => ({ value: one, label: codeWord(words, "import", one) }))}
          onChange={setWhat}
        />
      </label>
      <p className={page.faint}>{words(what === "chats" ? "imports.rows.chats" : "imports.rows.report")}</p>
      <Upload.Dragger
        accept=".csv,.txt,.tsv,.xlsx,.json,.jsonl"
        showUploadList={false}
        disabled={send.busy || shop === ""}
        beforeUpload={(file) => {
          chosen.current = file;
          void send.run();
          return false;
        }}
      >
        <p>{words("imports.choose")}</p>
        <small className={page.faint}>{words("imports.forms")}</small>
      </Upload.Dragger>
      {send.busy ? (
        <div role="status">
          <Progress percent={Math.floor(share * 100)} size="small" status="active" />
          <small>{words(share < 1 ? "imports.sending" : "imports.looking")}</small>
        </div>
      ) : null}
      {send.trouble ? <TroubleNote trouble={send.trouble} /> : null}
      {send.dialog}
    </div>
  );
}

/** What is to be looked at: a sheet, read by these columns, or with none named by a proposal of the server's. */
interface Asked {
  columns: Record<string, string> | null;
  sheet: string;
}

interface ReviewProps {
  file: ImportShape;
  first: PreviewShape;
  again: () => void;
  started: () => void;
}

function Review({ file, first, again, started }: ReviewProps) {
  const words = useWords();
  const [seen, setSeen] = useState(first);
  const [columns, setColumns] = useState<Record<string, string>>(first.mapped);
  const [asked, setAsked] = useState<Asked | null>(null);
  const look = useDeed(
    () => calls.previewFile(file.id, asked?.columns ?? null, asked?.sheet ?? seen.sheet),
    (found) => {
      setSeen(found);
      if (!asked?.columns) setColumns(found.mapped);
    },
  );
  const start = useDeed(() => calls.startImport(file.id, columns, seen.sheet), started);
  const run = useRef(look.run);
  useEffect(() => {
    run.current = look.run;
  });
  useEffect(() => {
    if (asked) void run.current();
  }, [asked]);
  const change = (next: Record<string, string>) => {
    setColumns(next);
    setAsked({ columns: next, sheet: seen.sheet });
  };
  const missing = seen.fields.some((one) => one.required && !columns[one.name]);
  const bad = seen.refused.reduce((sum, one) => sum + one.count, 0);
  return (
    <div className={page.form}>
      {file.sameAs ? <p className={css.note}>{words("imports.same", { time: stamp(file.sameAs) })}</p> : null}
      {seen.remembered ? <p className={page.faint}>{words("imports.remembered")}</p> : null}
      {Object.entries(first.gone).map(([field, column]) => (
        <p key={field} className={css.note}>
          {words("imports.gone", { column, field: codeWord(words, "imported", field) })}
        </p>
      ))}
      {seen.sheets.length > 1 ? (
        <label>
          {words("imports.sheet")}
          <Select
            value={seen.sheet}
            options={seen.sheets.map((one) => ({ value: one, label: one }))}
            onChange={(sheet) => setAsked({ columns: null, sheet })}
          />
        </label>
      ) : null}
      <Columns seen={seen} columns={columns} change={change} />
      {missing ? null : <Fit seen={seen} bad={bad} />}
      {seen.strangers.length > 0 ? (
        <p className={css.note}>{words("imports.strangers", { names: seen.strangers.join("、") })}</p>
      ) : null}
      <p className={page.faint}>{words("imports.masked")}</p>
      <div className={page.bottom}>
        {[look, start].map((one, place) => (
          <Fragment key={place}>
            {one.trouble ? <TroubleNote trouble={one.trouble} /> : null}
            {one.dialog}
          </Fragment>
        ))}
        <div className={page.acts} style={{ justifyContent: "flex-end" }}>
          <Button onClick={again}>{words("imports.back")}</Button>
          <Button type="primary" loading={start.busy} disabled={missing} onClick={() => void start.run()}>
            {words("imports.start")}
          </Button>
        </div>
      </div>
    </div>
  );
}

/** What would be refused of the rows that were tried, the commonest first. */
function Fit({ seen, bad }: { seen: PreviewShape; bad: number }) {
  const words = useWords();
  if (bad === 0) return <p className={css.fits}>{words("imports.fits", { n: seen.tried })}</p>;
  const worst = [...seen.refused].sort((one, other) => other.count - one.count);
  return (
    <div className={css.note}>
      {words("imports.tried", { n: seen.tried, bad })}
      <ul>
        {worst.map((one) => (
          <li key={`${one.field}:${one.code}`}>
            {codeWord(words, "imported", one.field || "other")}: {codeWord(words, "unfit", one.code)}
            {words("imports.tried.rows", { n: one.count })}
          </li>
        ))}
      </ul>
    </div>
  );
}
