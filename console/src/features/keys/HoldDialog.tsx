/** Place a legal hold on one customer, or on everything: why, and until when. */

import { useQueryClient } from "@tanstack/react-query";
import { App, Button, Input, Modal } from "antd";
import { useState } from "react";
import { calls } from "../../api/calls";
import type { HeldShape } from "../../api/types";
import { useWords } from "../../i18n";
import { useDeed } from "../../pieces/deed";
import page from "../../pieces/page.module.css";
import { TroubleNote } from "../../pieces/states";
import { dayOf } from "../../pieces/time";
import { KEYS } from "./asked";
import css from "./keys.module.css";

const MOST_CHARACTERS = 200;

interface Props {
  /** Whom it keeps; null for everybody. */
  customer: HeldShape | null;
  close: () => void;
  placed?: () => void;
}

export function HoldDialog({ customer, close, placed }: Props) {
  const words = useWords();
  const client = useQueryClient();
  const { message: toast } = App.useApp();
  const [reason, setReason] = useState("");
  const [end, setEnd] = useState("");
  const [today] = useState(() => dayOf(Date.now()));
  const place = useDeed(
    () => calls.placeHold({ customer: customer?.id ?? "", reason: reason.trim(), until: endOf(end) }),
    () => {
      void toast.success(words("vault.hold.placed"));
      void client.invalidateQueries({ queryKey: KEYS });
      placed?.();
      close();
    },
  );
  const ready = reason.trim() !== "";
  const title = customer ? words("vault.hold.place.of", { label: customer.label }) : words("vault.hold.place.all");
  return (
    <>
      <Modal open width={440} title={title} footer={null} onCancel={close}>
        <form
          className={page.form}
          onSubmit={(event) => {
            event.preventDefault();
            if (ready) void place.run();
          }}
        >
          <p className={css.note}>{words("vault.hold.why")}</p>
          <label>
            {words("vault.hold.reason")}
            <Input
              autoFocus
              maxLength={MOST_CHARACTERS}
              value={reason}
              onChange={(event) => setReason(event.target.value)}
            />
            <small>{words("vault.hold.reason.why")}</small>
          </label>
          <label>
            {words("vault.hold.end")}
            <Input type="date" min={today} value={end} onChange={(event) => setEnd(event.target.value)} />
          </label>
          {place.trouble ? <TroubleNote trouble={place.trouble} /> : null}
          <div className={page.acts} style={{ justifyContent: "flex-end" }}>
            <Button onClick={close}>{words("ui.cancel")}</Button>
            <Button type="primary" htmlType="submit" loading={place.busy} disabled={!ready}>
              {words("vault.hold.place")}
            </Button>
          </div>
        </form>
      </Modal>
      {place.dialog}
    </>
  );
}

/** The last moment of a day in China's time; null for none. */
function endOf(day: string): string | null {
  return day === "" ? null : `${day}T23:59:59+08:00`;
}
