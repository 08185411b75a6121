/** Shred a customer: what it means, why, one deliberate click; then the signed tombstone. */

import { useQueryClient } from "@tanstack/react-query";
import { Button, Checkbox, Input, Modal } from "antd";
import { useState } from "react";
import { calls } from "../../api/calls";
import type { HeldShape, TombstoneShape } from "../../api/types";
import { useWords } from "../../i18n";
import { useDeed } from "../../pieces/deed";
import page from "../../pieces/page.module.css";
import { TroubleNote } from "../../pieces/states";
import { stamp } from "../../pieces/time";
import { KEYS } from "./asked";
import css from "./keys.module.css";
import { StoneChips, stoneNumber } from "./Stone";
import { holdWords } from "./wording";

const MOST_CHARACTERS = 200;

interface Props {
  customer: HeldShape;
  close: () => void;
  /** Closes, too, after a refusal: what is shown of the customer may be older than it. */
  refused: () => void;
  shredded: () => void;
}

export function ShredDialog({ customer, close, refused, shredded }: Props) {
  const words = useWords();
  const client = useQueryClient();
  const [reason, setReason] = useState("");
  const [sure, setSure] = useState(false);
  const [stone, setStone] = useState<TombstoneShape | null>(null);
  const shred = useDeed(
    () => calls.shred(customer.id, reason.trim()),
    (made) => {
      setStone(made);
      void client.invalidateQueries({ queryKey: KEYS });
    },
  );
  const leave = stone ? shredded : shred.trouble ? refused : close;
  const ready = reason.trim() !== "" && sure;
  const title = stone ? words("vault.stone") : words("vault.shred.of", { label: customer.label });
  if (customer.holds.length > 0 || customer.underWay > 0) {
    return (
      <Modal open width={480} title={title} footer={null} onCancel={close}>
        <Kept customer={customer} close={close} />
      </Modal>
    );
  }
  return (
    <>
      <Modal open width={480} title={title} footer={null} maskClosable={false} onCancel={leave}>
        {stone ? (
          <Shown stone={stone} close={leave} />
        ) : (
          <form
            className={page.form}
            onSubmit={(event) => {
              event.preventDefault();
              if (ready) void shred.run();
            }}
          >
            <Meaning customer={customer} />
            <label>
              {words("vault.shred.reason")}
              <Input
                autoFocus
                maxLength={MOST_CHARACTERS}
                value={reason}
                onChange={(event) => setReason(event.target.value)}
              />
              <small>{words("vault.shred.reason.why")}</small>
            </label>
            <Checkbox checked={sure} onChange={(event) => setSure(event.target.checked)}>
              {words("vault.shred.sure")}
            </Checkbox>
            {shred.trouble ? <TroubleNote trouble={shred.trouble} /> : null}
            <div className={page.acts} style={{ justifyContent: "flex-end" }}>
              <Button onClick={leave}>{words("ui.cancel")}</Button>
              <Button type="primary" danger htmlType="submit" loading={shred.busy} disabled={!ready}>
                {words("vault.shred.go")}
              </Button>
            </div>
          </form>
        )}
      </Modal>
      {shred.dialog}
    </>
  );
}

function Meaning({ customer }: { customer: HeldShape }) {
  const words = useWords();
  return (
    <>
      <p className={css.final}>{words("vault.shred.final", { messages: customer.messages })}</p>
      <p className={css.note}>{words("vault.shred.backup")}</p>
    </>
  );
}

/** Why nobody shreds them now. */
function Kept({ customer, close }: { customer: HeldShape; close: () => void }) {
  const words = useWords();
  return (
    <div className={page.form}>
      <div className={css.kept} role="alert">
        {customer.underWay > 0 ? <p>{words("vault.shred.open")}</p> : null}
        {customer.holds.length > 0 ? <strong>{words("vault.shred.held")}</strong> : null}
        {customer.holds.map((hold) => (
          <p key={hold.id}>{holdWords(words, hold)}</p>
        ))}
      </div>
      <div className={page.acts} style={{ justifyContent: "flex-end" }}>
        <Button onClick={close}>{words("ui.close")}</Button>
      </div>
    </div>
  );
}

function Shown({ stone, close }: { stone: TombstoneShape; close: () => void }) {
  const words = useWords();
  return (
    <div className={page.form} role="status">
      <dl className={page.facts}>
        <dt>{words("vault.stone.number")}</dt>
        <dd className={page.mono}>{stoneNumber(stone)}</dd>
        <dt>{words("vault.tomb.at")}</dt>
        <dd>{stamp(stone.at)}</dd>
        <dt>{words("vault.shred.reason")}</dt>
        <dd>{stone.reason}</dd>
        <dt>{words("vault.hold.by")}</dt>
        <dd>{stone.by || words("vault.terminal")}</dd>
        <dt>{words("vault.tomb.keys")}</dt>
        <dd>
          {stone.keys} · {words("vault.stone.rows", { rows: stone.rows })}
        </dd>
      </dl>
      <StoneChips stone={stone} />
      <p className={css.note}>{words("vault.stone.answer")}</p>
      <div className={page.acts} style={{ justifyContent: "flex-end" }}>
        <Button type="primary" onClick={close}>
          {words("ui.close")}
        </Button>
      </div>
    </div>
  );
}
