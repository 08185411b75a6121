/** A customer's letter: find who wrote it, see how much is held of them, keep it or shred it. Never their words. */

import { Button, Input, Segmented } from "antd";
import { useState } from "react";
import { calls } from "../../api/calls";
import type { HeldShape } from "../../api/types";
import { useWords } from "../../i18n";
import { useDeed } from "../../pieces/deed";
import page from "../../pieces/page.module.css";
import { Chip } from "../../pieces/small";
import { Nothing, TroubleNote } from "../../pieces/states";
import { HoldDialog } from "./HoldDialog";
import css from "./keys.module.css";
import { ShredDialog } from "./ShredDialog";
import { heldWords, holdWords } from "./wording";

const WAYS = ["account", "order", "phone"] as const;
type Way = (typeof WAYS)[number];
const MOST_CHARACTERS = 100;

interface Found {
  by: Way;
  customers: HeldShape[];
  /** Who was shredded since: nobody finds them any more. */
  gone: readonly string[];
}

export function Letters({ customers }: { customers: boolean }) {
  const words = useWords();
  return (
    <section>
      <h2>{words("vault.letters")}</h2>
      {customers ? (
        <>
          <p className={page.faint}>{words("vault.letters.why")}</p>
          <Finder />
        </>
      ) : (
        <p className={page.faint}>{words("vault.letters.vendor")}</p>
      )}
    </section>
  );
}

function Finder() {
  const words = useWords();
  const [by, setBy] = useState<Way>("account");
  const [value, setValue] = useState("");
  const [found, setFound] = useState<Found | null>(null);
  const find = useDeed(
    () => calls.findCustomer(by, value.trim()),
    (customers) => setFound({ by, customers, gone: [] }),
  );
  const turn = (way: Way) => {
    setBy(way);
    setFound(null);
  };
  return (
    <>
      <form
        className={css.finder}
        onSubmit={(event) => {
          event.preventDefault();
          if (value.trim() !== "") void find.run();
        }}
      >
        <Segmented<Way>
          aria-label={words("vault.find.by")}
          options={WAYS.map((way) => ({ value: way, label: words(`vault.find.${way}`) }))}
          value={by}
          onChange={turn}
        />
        <Input
          aria-label={words(`vault.find.${by}`)}
          autoComplete="off"
          inputMode={by === "account" ? "text" : "numeric"}
          maxLength={MOST_CHARACTERS}
          value={value}
          onChange={(event) => setValue(event.target.value)}
        />
        <Button type="primary" htmlType="submit" loading={find.busy} disabled={value.trim() === ""}>
          {words("vault.find.go")}
        </Button>
      </form>
      <p className={page.faint}>{words("vault.find.written")}</p>
      {find.trouble ? <TroubleNote trouble={find.trouble} /> : null}
      {found?.customers.length === 0 ? (
        <Nothing title={words("vault.find.none")} detail={words(`vault.find.none.${found.by}`)} />
      ) : null}
      {found && found.by !== "account" && found.customers.length > 1 ? (
        <p className={css.several}>{words("vault.find.several")}</p>
      ) : null}
      {found?.customers.length ? (
        <ul className={css.held} aria-live="polite">
          {found.customers.map((one) => (
            <Customer
              key={one.id}
              one={one}
              gone={found.gone.includes(one.id)}
              again={() => void find.run()}
              shredded={() => setFound({ ...found, gone: [...found.gone, one.id] })}
            />
          ))}
        </ul>
      ) : null}
      {find.dialog}
    </>
  );
}

interface CustomerProps {
  one: HeldShape;
  gone: boolean;
  /** Look once more: what holds them has changed. */
  again: () => void;
  shredded: () => void;
}

function Customer({ one, gone, again, shredded }: CustomerProps) {
  const words = useWords();
  const [doing, setDoing] = useState<"hold" | "shred" | null>(null);
  const close = () => setDoing(null);
  const counts = { talks: one.conversations, messages: one.messages, masked: one.masked, notes: one.notes };
  return (
    <li>
      <div>
        <b>{one.label}</b> <span className={page.faint}>{one.shop.name}</span>{" "}
        {gone ? <Chip>{words("vault.held.erased")}</Chip> : null}
        {one.underWay > 0 && !gone ? <Chip tone="accent">{words("vault.held.open")}</Chip> : null}{" "}
        {one.holds.length > 0 && !gone ? <Chip tone="warn">{words("vault.held.kept")}</Chip> : null}
        <small>
          {one.since && one.until ? `${heldWords(words, one.since, one.until)} · ` : ""}
          {words("vault.held.count", counts)} · {words("vault.held.seen", { n: one.seen })}
        </small>
        {one.holds.map((hold) => (
          <small key={hold.id}>{holdWords(words, hold)}</small>
        ))}
      </div>
      {gone ? null : (
        <span className={page.acts}>
          <Button size="small" onClick={() => setDoing("hold")}>
            {words("vault.hold.place")}
          </Button>
          <Button size="small" danger onClick={() => setDoing("shred")}>
            {words("vault.shred")}
          </Button>
        </span>
      )}
      {doing === "hold" ? <HoldDialog customer={one} close={close} placed={again} /> : null}
      {doing === "shred" ? (
        <ShredDialog
          customer={one}
          close={close}
          refused={() => {
            close();
            again();
          }}
          shredded={() => {
            close();
            shredded();
          }}
        />
      ) : null}
    </li>
  );
}
