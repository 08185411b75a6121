/** Connect a new shop: its platform, name, hours, and the settings the platform asks for. */

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Checkbox, Input, Modal, Select } from "antd";
import { useState } from "react";
import { calls } from "../../api/calls";
import { codeWord, useWords } from "../../i18n";
import { useDeed } from "../../pieces/deed";
import page from "../../pieces/page.module.css";
import { Bones, TroubleNote } from "../../pieces/states";
import { asTrouble } from "../../sync/runtime";
import { isWhole, SettingsFields } from "./SettingsFields";
import { SHOPS } from "./standing";

export const CATEGORIES: readonly string[] = ["", "digital", "fresh"];
const ALWAYS = "00:00-24:00";

interface DialogProps {
  close: () => void;
  open: (id: string) => void;
  /** What is chosen at first: a platform, and whether to connect it later. */
  first?: { platform: string; later: boolean };
}

export function ConnectDialog({ close, open, first = { platform: "jd", later: false } }: DialogProps) {
  const words = useWords();
  const client = useQueryClient();
  const platforms = useQuery({ queryKey: ["platforms"], queryFn: calls.platforms, staleTime: Infinity });
  const [platform, setPlatform] = useState(first.platform);
  const [later, setLater] = useState(first.later);
  const [name, setName] = useState("");
  const [number, setNumber] = useState("");
  const [category, setCategory] = useState<string>("");
  const [hours, setHours] = useState(ALWAYS);
  const [given, setGiven] = useState<Record<string, string>>({});
  const chosen = platforms.data?.find((one) => one.platform === platform);
  const connect = useDeed(
    () => calls.openShop({ name: name.trim(), platform, number: number.trim(), category, hours: hours.trim(), settings: later ? {} : given, unconnected: later }),
    (made) => {
      void client.invalidateQueries({ queryKey: SHOPS });
      open(made.shop.id);
      close();
    },
  );
  const wantsNumber = chosen !== undefined && (chosen.numbered || later);
  const numbered = !wantsNumber || number.trim() !== "";
  const ready = chosen !== undefined && name.trim() !== "" && numbered && (later || isWhole(chosen.asked, given, []));
  return (
    <>
      <Modal open width={520} style={{ top: 24 }} title={words("shops.add")} footer={null} maskClosable={false} onCancel={close}>
        {platforms.error ? (
          <TroubleNote trouble={asTrouble(platforms.error)} retry={() => void platforms.refetch()} />
        ) : null}
        {platforms.isPending ? <Bones lines={6} /> : null}
        {chosen ? (
          <form
            className={page.form}
            onSubmit={(event) => {
              event.preventDefault();
              if (ready) void connect.run();
            }}
          >
            <label>
              {words("shops.platform")}
              <Select
                value={platform}
                options={(platforms.data ?? []).map((one) => ({
                  value: one.platform,
                  label: codeWord(words, "platform", one.platform),
                }))}
                onChange={(value) => {
                  setPlatform(value);
                  setGiven({});
                  if (value === "widget") setLater(false);
                }}
              />
              {platform === "jd" ? null : (
                <small>{words(platform === "widget" ? "shops.widget.why" : "shops.orders.only")}</small>
              )}
            </label>
            <label>
              <span>
                {words("shops.name")}
                <small className={page.faint}> {words("shops.required")}</small>
              </span>
              <Input autoFocus maxLength={60} value={name} onChange={(event) => setName(event.target.value)} />
            </label>
            {wantsNumber ? (
              <label>
                <span>
                  {words("shops.number")}
                  <small className={page.faint}> {words("shops.required")}</small>
                </span>
                <Input maxLength={60} value={number} onChange={(event) => setNumber(event.target.value)} />
              </label>
            ) : null}
            <label>
              {words("shops.category")}
              <Select
                value={category}
                options={CATEGORIES.map((each) => ({ value: each, label: codeWord(words, "category", each || "other") }))}
                onChange={(value: string) => setCategory(value)}
              />
            </label>
            <label>
              {words("shops.hours")}
              <Input maxLength={100} value={hours} onChange={(event) => setHours(event.target.value)} />
              <small>{words("shops.hours.why")}</small>
            </label>
            {platform === "widget" ? null : (
              <Checkbox checked={later} onChange={(event) => setLater(event.target.checked)}>
                {words("shops.later")}
              </Checkbox>
            )}
            {later ? (
              <p className={page.faint}>{words("shops.later.why")}</p>
            ) : (
              <>
                <SettingsFields
                  asked={chosen.asked}
                  given={given}
                  kept={[]}
                  change={(field, value) => setGiven((now) => ({ ...now, [field]: value }))}
                />
                {chosen.asked.some((one) => one.kind === "secret") ? (
                  <p className={page.faint}>{words("shops.sealed")}</p>
                ) : null}
              </>
            )}
            <div className={page.bottom}>
              {connect.trouble ? <TroubleNote trouble={connect.trouble} /> : null}
              <div className={page.acts} style={{ justifyContent: "flex-end" }}>
                <Button onClick={close}>{words("ui.cancel")}</Button>
                <Button type="primary" htmlType="submit" loading={connect.busy} disabled={!ready}>
                  {words(later ? "shops.open" : "shops.connect")}
                </Button>
              </div>
            </div>
          </form>
        ) : null}
      </Modal>
      {connect.dialog}
    </>
  );
}
