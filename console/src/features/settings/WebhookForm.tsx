/** Where an endpoint is, which program it is, and what it is told: a new one, or one that is changed. */

import { useQuery } from "@tanstack/react-query";
import { Button, Checkbox, Input, Select } from "antd";
import { useState } from "react";
import { calls } from "../../api/calls";
import type { WantedWebhook, WebhookSecret, WebhookShape } from "../../api/types";
import { codeWord, useWords } from "../../i18n";
import { useDeed } from "../../pieces/deed";
import page from "../../pieces/page.module.css";
import { TroubleNote } from "../../pieces/states";
import { asTrouble } from "../../sync/runtime";
import css from "./settings.module.css";

interface FormProps {
  webhook?: WebhookShape;
  close: () => void;
  made?: (secret: WebhookSecret) => void;
  changed?: () => void;
}

export function WebhookForm({ webhook, close, made, changed }: FormProps) {
  const words = useWords();
  const [wanted, setWanted] = useState<WantedWebhook>({
    url: webhook?.url ?? "",
    description: webhook?.description ?? "",
    kinds: webhook?.kinds ?? [],
    shops: webhook?.shops.map((shop) => shop.id) ?? [],
  });
  const kinds = useQuery({ queryKey: ["webhooks", "kinds"], queryFn: calls.webhookKinds });
  const shops = useQuery({ queryKey: ["webhooks", "shops"], queryFn: calls.connections });
  const add = useDeed(() => calls.addWebhook(wanted), made);
  const change = useDeed(() => calls.changeWebhook(webhook?.id ?? "", wanted), changed);
  const deed = webhook ? change : add;
  const ready = wanted.url.trim() !== "" && wanted.description.trim() !== "" && wanted.kinds.length > 0;
  const put = (part: Partial<WantedWebhook>) => setWanted((now) => ({ ...now, ...part }));
  return (
    <form
      className={`${page.form} ${css.form}`}
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) void deed.run();
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape") close();
      }}
    >
      <label>
        {words("hooks.url")}
        <Input autoFocus maxLength={1000} value={wanted.url} onChange={(event) => put({ url: event.target.value })} />
        <small>{words("hooks.url.why")}</small>
      </label>
      <label>
        {words("hooks.description")}
        <Input maxLength={60} value={wanted.description} onChange={(event) => put({ description: event.target.value })} />
      </label>
      <div role="group" aria-label={words("hooks.kinds")}>
        <p>{words("hooks.kinds")}</p>
        {kinds.error ? <TroubleNote trouble={asTrouble(kinds.error)} retry={() => void kinds.refetch()} /> : null}
        <Checkbox.Group
          className={css.kinds ?? ""}
          value={wanted.kinds}
          onChange={(chosen) => put({ kinds: chosen })}
          options={(kinds.data ?? []).map((kind) => ({ value: kind, label: codeWord(words, "hookkind", kind) }))}
        />
      </div>
      <label>
        {words("hooks.shops")}
        <Select
          mode="multiple"
          optionFilterProp="label"
          placeholder={words("hooks.shops.all")}
          value={wanted.shops}
          onChange={(chosen: string[]) => put({ shops: chosen })}
          options={(shops.data ?? []).filter((one) => one.own).map((one) => ({ value: one.shop.id, label: one.shop.name }))}
        />
      </label>
      {deed.trouble ? <TroubleNote trouble={deed.trouble} /> : null}
      <div className={page.acts}>
        <Button size="small" type="primary" htmlType="submit" disabled={!ready} loading={deed.busy}>
          {words(webhook ? "hooks.save" : "hooks.add")}
        </Button>
        <Button size="small" onClick={close}>
          {words("ui.cancel")}
        </Button>
      </div>
      {deed.dialog}
    </form>
  );
}
