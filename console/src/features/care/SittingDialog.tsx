/** Write down who uses an account, from and until; or correct an entry. It says what it will not change. */

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Input, Modal, Select } from "antd";
import { useState } from "react";
import { calls } from "../../api/calls";
import type { Account, Me, SittingShape } from "../../api/types";
import { useWords } from "../../i18n";
import { TroubleNote } from "../../pieces/states";
import { fieldOf, momentOf } from "../../pieces/time";
import { asTrouble } from "../../sync/runtime";
import css from "./care.module.css";

/** For which account, null for one to be named; and which entry is corrected, null for a new one. */
export interface Entry {
  account: Account | null;
  sitting: SittingShape | null;
}

export function SittingDialog({ me, entry, close }: { me: Me; entry: Entry; close: () => void }) {
  const words = useWords();
  const { account, sitting } = entry;
  const [shop, setShop] = useState(account?.shop.id ?? me.shops[0]?.id ?? "");
  const [name, setName] = useState(account?.account ?? "");
  const [person, setPerson] = useState<string | null>(sitting?.person.id ?? null);
  const [from, setFrom] = useState(() => fieldOf(sitting?.effectiveFrom ?? new Date().toISOString()));
  const [to, setTo] = useState(sitting?.effectiveTo ? fieldOf(sitting.effectiveTo) : "");
  const people = useQuery({ queryKey: ["account-people", shop], queryFn: () => calls.accountPeople(shop) });
  const [start, end] = [momentOf(from), to === "" ? null : momentOf(to)];
  const wrong = to !== "" && (end === null || to <= from);
  const save = useSave(close);
  const ready = start !== null && person !== null && name.trim() !== "" && !wrong;
  const submit = () => {
    if (!start || !person || !ready) return;
    save.mutate({
      shop,
      account: name.trim(),
      person,
      // A field holds minutes: an untouched one keeps the very moment.
      effectiveFrom: sitting && from === fieldOf(sitting.effectiveFrom) ? sitting.effectiveFrom : start,
      effectiveTo: end,
      replaces: sitting?.id ?? null,
    });
  };
  return (
    <Modal
      open
      width={460}
      title={words(sitting ? "account.title.correct" : "account.title.enter")}
      okText={words("account.save")}
      cancelText={words("ui.cancel")}
      okButtonProps={{ disabled: !ready }}
      confirmLoading={save.isPending}
      onOk={submit}
      onCancel={close}
    >
      <div className={css.form}>
        <label>
          {words("account.shop")}
          <Select
            value={shop}
            disabled={account !== null}
            onChange={setShop}
            options={me.shops.map((one) => ({ value: one.id, label: one.name }))}
          />
        </label>
        <label>
          {words("account.name")}
          <Input value={name} maxLength={64} disabled={account !== null} onChange={(event) => setName(event.target.value)} />
        </label>
        <label>
          {words("account.person")}
          <Select
            autoFocus
            showSearch
            optionFilterProp="label"
            loading={people.isPending}
            value={person}
            placeholder={words("account.person.hint")}
            onChange={setPerson}
            options={(people.data ?? []).map((one) => ({ value: one.id, label: one.name }))}
          />
        </label>
        <label>
          {words("account.from")}
          <Input type="datetime-local" value={from} onChange={(event) => setFrom(event.target.value)} />
        </label>
        <label>
          {words("account.to")}
          <Input
            type="datetime-local"
            value={to}
            min={from}
            status={wrong ? "error" : ""}
            onChange={(event) => setTo(event.target.value)}
          />
          <small>{words(wrong ? "account.wrong" : "account.to.hint")}</small>
        </label>
      </div>
      <p className={css.keeps}>
        {words("account.keeps")}
        {sitting ? ` ${words("account.corrects")}` : account?.person ? ` ${words("account.hands")}` : ""}
      </p>
      {people.error ? <TroubleNote trouble={asTrouble(people.error)} retry={() => void people.refetch()} /> : null}
      {save.error ? <TroubleNote trouble={asTrouble(save.error)} /> : null}
    </Modal>
  );
}

function useSave(close: () => void) {
  const words = useWords();
  const queries = useQueryClient();
  const { message: toast } = App.useApp();
  return useMutation({
    mutationFn: calls.mapAccount,
    onSuccess: () => {
      close();
      void toast.success(words("account.saved"));
      void queries.invalidateQueries({ queryKey: ["accounts"] });
    },
  });
}
