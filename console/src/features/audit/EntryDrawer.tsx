/** One entry in full: every id by its end, which an auditor holds against exports and against a reveal's mark. */

import { Button, Drawer } from "antd";
import type { ReactNode } from "react";
import type { AuditLine, AuditWanted } from "../../api/types";
import { codeWord, hasWord, useWords, type CodeGroup, type Words } from "../../i18n";
import { Id } from "../../pieces/id";
import page from "../../pieces/page.module.css";
import { exactTime } from "../../pieces/time";
import { actorWord, subjectWord } from "./AuditPage";

interface DrawerProps {
  entry: AuditLine;
  close: () => void;
  only: (part: Partial<AuditWanted>) => void;
}

export function EntryDrawer({ entry, close, only }: DrawerProps) {
  const words = useWords();
  const details = Object.entries(entry.detail).filter(([, value]) => value !== null && value !== "");
  return (
    <Drawer
      open
      size={460}
      title={`${words("audit.entry", { n: entry.seq })} · ${codeWord(words, "action", entry.action)}`}
      onClose={close}
      styles={{ wrapper: { maxWidth: "100vw" } }}
    >
      <section className={page.section}>
        <dl className={page.facts}>
          <Fact name={words("audit.at")}>{exactTime(entry.at)}</Fact>
          <Fact name={words("audit.who")}>
            {actorWord(words, entry)} {entry.actor.name ? <Id id={entry.actor.id} /> : null}
          </Fact>
          <Fact name={words("audit.subject")}>
            {ID.test(entry.subject) && !entry.subjectName ? null : subjectWord(words, entry)}{" "}
            <Id id={idOf(entry.subject)} />
          </Fact>
          <Fact name={words("audit.outcome")}>{codeWord(words, "outcome", entry.outcome)}</Fact>
          <Fact name={words("audit.device")}>{entry.device || words("ui.none")}</Fact>
          <Fact name={words("audit.proof")}>
            {entry.actor.id === DOOR ? words("ui.none") : codeWord(words, "audit.proof", entry.proof)}{" "}
            <Id id={entry.proofId} />
          </Fact>
          <Fact name={words("audit.factor")}>
            {entry.secondFactorAt
              ? words("audit.factor.at", { time: exactTime(entry.secondFactorAt) })
              : words("audit.factor.none")}
          </Fact>
        </dl>
      </section>
      {details.length > 0 ? (
        <section className={page.section}>
          <h3>{words("audit.detail")}</h3>
          <dl className={page.facts}>
            {details.map(([key, value]) => (
              <Fact key={key} name={codeWord(words, "auditkey", key)}>
                <Value name={key} value={value} names={entry.names} />
              </Fact>
            ))}
          </dl>
        </section>
      ) : null}
      <section className={page.section}>
        <h3>{words("audit.hash")}</h3>
        <Id id={entry.hash} />
      </section>
      <div className={`${page.section} ${page.acts}`}>
        <Button size="small" onClick={() => only({ by: `${entry.actorKind}:${entry.actor.id}` })}>
          {words("audit.only.who")}
        </Button>
        {entry.subject ? (
          <Button size="small" onClick={() => only({ subject: entry.subject })}>
            {words("audit.only.subject")}
          </Button>
        ) : null}
      </div>
    </Drawer>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

/** Who has proved nothing yet. */
const DOOR = "door";
const ID = /^[0-9a-f]{32,64}$/;

/** The id in a subject such as `login:…`, "" where there is none. */
function idOf(subject: string): string {
  const id = subject.slice(subject.lastIndexOf(":") + 1);
  return ID.test(id) ? id : "";
}

/** Stands where somebody typed what is neither an id nor a code. */
const WITHHELD = "withheld";
const MOMENTS = new Set(["from", "until", "expires_at", "effective_from", "at", "taken_at"]);

interface ValueProps {
  name: string;
  value: string | number | boolean | null;
  names: Record<string, string>;
}

function Value({ name, value, names }: ValueProps) {
  const words = useWords();
  if (typeof value === "boolean") return words(value ? "audit.yes" : "audit.no");
  if (typeof value === "number") return MOMENTS.has(name) ? exactTime(new Date(value).toISOString()) : value;
  if (value === null || value === WITHHELD) return words("audit.withheld");
  return (
    <>
      {value.split(",").map((part) => (
        <div key={part}>
          {idOf(part) ? (
            <>
              {names[idOf(part)]} <Id id={idOf(part)} />
            </>
          ) : (
            detailWord(words, name, part)
          )}
        </div>
      ))}
    </>
  );
}

/** Where the words of details stand, the first that has one; a reason is read as a refusal or an end before all else. */
const FOR_REASONS: CodeGroup[] = ["trouble", "ended", "auditvalue"];
const FOR_OTHERS: CodeGroup[] = [
  "auditvalue", "purpose", "hidden", "role", "wished", "scope", "right", "listener", "platform", "tier", "origin",
  "import", "export", "side", "state", "risk", "retention",
];

export function detailWord(words: Words, name: string, code: string): string {
  const groups = name === "why" ? FOR_REASONS : FOR_OTHERS;
  const group = groups.find((one) => hasWord(one, code));
  return group ? codeWord(words, group, code) : code;
}
