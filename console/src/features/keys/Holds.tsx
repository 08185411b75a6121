/** Legal holds: those that stand, one on everything, lifting one. */

import { useQueryClient } from "@tanstack/react-query";
import { App, Button } from "antd";
import { useState } from "react";
import { calls } from "../../api/calls";
import type { HoldShape } from "../../api/types";
import { useWords } from "../../i18n";
import { useDeed } from "../../pieces/deed";
import page from "../../pieces/page.module.css";
import { TroubleNote } from "../../pieces/states";
import { stamp } from "../../pieces/time";
import { KEYS } from "./asked";
import { HoldDialog } from "./HoldDialog";
import css from "./keys.module.css";

export function Holds({ holds, erases }: { holds: readonly HoldShape[]; erases: boolean }) {
  const words = useWords();
  const [placing, setPlacing] = useState(false);
  return (
    <section>
      <div className={css.top}>
        <h2>{words("vault.holds")}</h2>
        {erases ? (
          <Button size="small" onClick={() => setPlacing(true)}>
            {words("vault.hold.place.all")}
          </Button>
        ) : null}
      </div>
      <p className={page.faint}>{words("vault.holds.why")}</p>
      {holds.length === 0 ? <p>{words("vault.holds.none")}</p> : <Table holds={holds} erases={erases} />}
      {placing ? <HoldDialog customer={null} close={() => setPlacing(false)} /> : null}
    </section>
  );
}

function Table({ holds, erases }: { holds: readonly HoldShape[]; erases: boolean }) {
  const words = useWords();
  return (
    <table className={css.table}>
      <thead>
        <tr>
          <th scope="col">{words("vault.hold.subject")}</th>
          <th scope="col">{words("vault.hold.reason")}</th>
          <th scope="col" className={page.wide}>
            {words("vault.hold.by")}
          </th>
          <th scope="col">{words("vault.hold.until")}</th>
          {erases ? <th scope="col" /> : null}
        </tr>
      </thead>
      <tbody>
        {holds.map((hold) => (
          <tr key={hold.id}>
            <td className={page.nowrap}>{hold.subject ? hold.label || words("vault.hold.one") : words("vault.hold.all")}</td>
            <td>{hold.reason}</td>
            <td className={page.wide}>{hold.by || words("vault.terminal")}</td>
            <td>{hold.until ? stamp(hold.until) : words("vault.hold.open")}</td>
            {erases ? (
              <td>
                <Lift hold={hold} />
              </td>
            ) : null}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Lift({ hold }: { hold: HoldShape }) {
  const words = useWords();
  const client = useQueryClient();
  const { message: toast, modal } = App.useApp();
  const lift = useDeed(
    () => calls.liftHold(hold.id),
    () => {
      void toast.success(words("vault.hold.lifted"));
      void client.invalidateQueries({ queryKey: KEYS });
    },
  );
  const ask = () =>
    modal.confirm({
      title: words("vault.hold.lift.ask"),
      content: words("vault.hold.lift.why", { reason: hold.reason }),
      okText: words("vault.hold.lift"),
      cancelText: words("ui.cancel"),
      onOk: () => void lift.run(),
    });
  return (
    <>
      <Button size="small" loading={lift.busy} onClick={() => void ask()}>
        {words("vault.hold.lift")}
      </Button>
      {lift.trouble ? <TroubleNote trouble={lift.trouble} /> : null}
      {lift.dialog}
    </>
  );
}
