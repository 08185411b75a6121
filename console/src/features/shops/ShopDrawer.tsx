/** One shop: how its line stands, a test call, what the line can and cannot do, its settings. */

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Drawer, Input, Select } from "antd";
import { useState } from "react";
import { calls } from "../../api/calls";
import type { AbilityShape, AccessToldShape, ConnectionShape, Me, Tried } from "../../api/types";
import { codeWord, useLanguage, useWords } from "../../i18n";
import { useDeed } from "../../pieces/deed";
import page from "../../pieces/page.module.css";
import { may } from "../../pieces/rights";
import { Chip } from "../../pieces/small";
import { TroubleNote } from "../../pieces/states";
import { stamp } from "../../pieces/time";
import { ME } from "../session/SessionGate";
import { Backfill } from "./Backfill";
import { CATEGORIES } from "./ConnectDialog";
import { isWhole, SettingsFields } from "./SettingsFields";
import css from "./shops.module.css";
import { Snippet } from "./Snippet";
import { Age, SHOPS, State } from "./standing";

/** Of a quota: beyond it, a day may end without calls. */
const NEARLY = 0.9;

interface DrawerProps {
  me: Me;
  shop: ConnectionShape;
  close: () => void;
}

export function ShopDrawer({ me, shop, close }: DrawerProps) {
  const words = useWords();
  const writes = may(me, "connection:write") && shop.own;
  const reads = shop.abilities.some((one) => one.able && one.capability === "read_history");
  const asks = shop.abilities.some((one) => one.able && ["read_history", "orders"].includes(one.capability));
  return (
    <Drawer open size={480} title={shop.shop.name} onClose={close} styles={{ wrapper: { maxWidth: "100vw" } }}>
      <section className={page.section}>
        <dl className={page.facts}>
          <dt>{words("shops.platform")}</dt>
          <dd>{codeWord(words, "platform", shop.platform)}</dd>
          <dt>{words("shops.state")}</dt>
          <dd>
            <State words={words} shop={shop} />
          </dd>
          <dt>{words("shops.data")}</dt>
          <dd>
            <Age words={words} shop={shop} />
          </dd>
          {shop.state === "open" ? (
            <>
              <dt>{words("shops.calls")}</dt>
              <dd className={shop.callsPerDay !== null && shop.callsToday > shop.callsPerDay * NEARLY ? css.wrong : undefined}>
                {shop.callsPerDay === null
                  ? words("shops.calls.n", { n: shop.callsToday })
                  : words("shops.calls.of", { n: shop.callsToday, quota: shop.callsPerDay })}
              </dd>
            </>
          ) : null}
          {shop.accessTold ? (
            <>
              <dt>{words("shops.told")}</dt>
              <dd>
                <AccessTold told={shop.accessTold} />
              </dd>
            </>
          ) : null}
          {shop.changedAt ? (
            <>
              <dt>{words("shops.changed")}</dt>
              <dd>{stamp(shop.changedAt)}</dd>
            </>
          ) : null}
        </dl>
        {shop.state === "unopened" ? <p className={css.wrong}>{words("shops.unopened")}</p> : null}
        {shop.trouble ? <p className={css.wrong}>{codeWord(words, "trouble", shop.trouble.code)}</p> : null}
        {shop.state === "open" && asks && may(me, "connection:verify") ? <Try shop={shop} /> : null}
      </section>
      {shop.settings.site ? (
        <section className={page.section}>
          <h3>{words("shops.snippet")}</h3>
          <Snippet site={shop.settings.site} />
        </section>
      ) : null}
      {shop.abilities.length > 0 ? (
        <section className={page.section}>
          <h3>{words("shops.abilities")}</h3>
          <Abilities shop={shop} />
        </section>
      ) : null}
      {writes && reads ? (
        <section className={page.section}>
          <h3>{words("backfill.title")}</h3>
          <Backfill shop={shop.shop.id} />
        </section>
      ) : null}
      {writes ? (
        <section className={page.section}>
          <h3>{words("shops.about")}</h3>
          <About key={`${shop.shop.name} ${shop.category} ${shop.hours ?? ""}`} shop={shop} />
        </section>
      ) : null}
      {writes ? (
        <section className={page.section}>
          <h3>{words("shops.settings")}</h3>
          <Settings key={shop.changedAt} shop={shop} />
        </section>
      ) : null}
      {shop.own ? null : <p className={page.faint}>{words("shops.foreign")}</p>}
    </Drawer>
  );
}

/** How far the platform was told who reached its data, and what stands in the way. */
function AccessTold({ told }: { told: AccessToldShape }) {
  const words = useWords();
  const done = told.takenAt ? words("shops.told.n", { n: told.taken, at: stamp(told.takenAt) }) : "";
  const waits = done ? words("shops.told.wait", { n: told.waiting }) : words("shops.told.none", { n: told.waiting });
  return (
    <>
      {done}
      {told.waiting > 0 || !done ? waits : ""}
      {told.trouble ? <div className={css.wrong}>{codeWord(words, "trouble", told.trouble)}</div> : null}
    </>
  );
}

function Try({ shop }: { shop: ConnectionShape }) {
  const words = useWords();
  const [order, setOrder] = useState("");
  const [tried, setTried] = useState<Tried | null>(null);
  const deed = useDeed(() => calls.tryLine(shop.shop.id, order.trim()), setTried);
  const reads = shop.abilities.some((one) => one.able && one.capability === "read_history");
  return (
    <div className={css.try}>
      {reads ? null : (
        <Input
          size="small"
          placeholder={words("shops.try.order")}
          aria-label={words("shops.try.order")}
          value={order}
          onChange={(event) => setOrder(event.target.value)}
        />
      )}
      <Button size="small" loading={deed.busy} disabled={!reads && order.trim() === ""} onClick={() => void deed.run()}>
        {words("shops.try")}
      </Button>
      <span role="status">
        {tried?.ok ? (
          <Chip tone="good">
            {words(reads ? "shops.try.ok" : "shops.try.ok.order", { s: tried.seconds.toFixed(1), n: tried.found })}
          </Chip>
        ) : null}
        {tried && !tried.ok ? <span className={css.wrong}>{codeWord(words, "trouble", tried.code)}</span> : null}
      </span>
      {deed.trouble ? <TroubleNote trouble={deed.trouble} /> : null}
      {deed.dialog}
    </div>
  );
}

function Abilities({ shop }: { shop: ConnectionShape }) {
  const words = useWords();
  const able = shop.abilities.filter((one) => one.able);
  const not = shop.abilities.filter((one) => !one.able);
  return (
    <ul className={css.abilities}>
      {[...able, ...not].map((one) => (
        <li key={one.capability} data-able={one.able || undefined}>
          <i aria-hidden="true">{one.able ? "✓" : "–"}</i>
          <span>
            {codeWord(words, "capability", one.capability)}
            {one.gateway ? <small> {codeWord(words, "gateway", one.gateway)}</small> : null}
            {one.able ? null : <Why ability={one} />}
          </span>
        </li>
      ))}
    </ul>
  );
}

/** Why a line cannot do something, and what to do instead, in the reader's language. */
function Why({ ability }: { ability: AbilityShape }) {
  const words = useWords();
  const { language } = useLanguage();
  const { lack } = ability;
  if (!lack) {
    if (ability.whyNot !== "no_key" || !ability.needs) {
      return <small className={css.why}>{codeWord(words, "whynot", ability.whyNot)}</small>;
    }
    return (
      <small className={css.why}>{words("shops.lacks", { setting: codeWord(words, "setting", ability.needs) })}</small>
    );
  }
  return (
    <small className={css.why}>
      {language === "zh" ? lack.reason : lack.why}
      <br />
      {language === "zh" ? lack.instead : lack.remedy}
    </small>
  );
}

/** What a shop is called, sells, and when it is open. Hours that differ by day are left as they are. */
function About({ shop }: { shop: ConnectionShape }) {
  const words = useWords();
  const client = useQueryClient();
  const { message: toast } = App.useApp();
  const [name, setName] = useState(shop.shop.name);
  const [category, setCategory] = useState(shop.category);
  const [hours, setHours] = useState(shop.hours ?? "");
  const other = hours.trim() === (shop.hours ?? "") ? null : hours.trim();
  const changed = other !== null || name.trim() !== shop.shop.name || category !== shop.category;
  const save = useDeed(
    () => calls.changeShop(shop.shop.id, { name: name.trim(), category, hours: other }),
    () => {
      void toast.success(words("shops.saved"));
      void client.invalidateQueries({ queryKey: SHOPS });
      void client.invalidateQueries({ queryKey: ME });
    },
  );
  return (
    <form
      className={page.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (changed && name.trim()) void save.run();
      }}
    >
      <label>
        {words("shops.name")}
        <Input maxLength={60} value={name} onChange={(event) => setName(event.target.value)} />
      </label>
      <label>
        {words("shops.category")}
        <Select
          value={category}
          options={CATEGORIES.map((each) => ({ value: each, label: codeWord(words, "category", each || "other") }))}
          onChange={setCategory}
        />
      </label>
      <label>
        {words("shops.hours")}
        <Input maxLength={100} value={hours} placeholder={words("shops.hours.differ")} onChange={(event) => setHours(event.target.value)} />
        <small>{words("shops.hours.now")}</small>
      </label>
      {save.trouble ? <TroubleNote trouble={save.trouble} /> : null}
      <div className={page.acts}>
        <Button size="small" htmlType="submit" loading={save.busy} disabled={!changed || name.trim() === ""}>
          {words("shops.save")}
        </Button>
      </div>
      {save.dialog}
    </form>
  );
}

function Settings({ shop }: { shop: ConnectionShape }) {
  const words = useWords();
  const client = useQueryClient();
  const { message: toast, modal } = App.useApp();
  const platforms = useQuery({ queryKey: ["platforms"], queryFn: calls.platforms, staleTime: Infinity });
  const asked = platforms.data?.find((one) => one.platform === shop.platform)?.asked ?? [];
  const [given, setGiven] = useState<Record<string, string>>({ ...shop.settings });
  const done = (word: "shops.saved" | "shops.gone") => {
    void toast.success(words(word));
    void client.invalidateQueries({ queryKey: SHOPS });
  };
  const save = useDeed(() => calls.connectShop(shop.shop.id, given), () => done("shops.saved"));
  const leave = useDeed(() => calls.disconnectShop(shop.shop.id), () => done("shops.gone"));
  const ready = isWhole(asked, given, shop.secrets);
  return (
    <form
      className={page.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) void save.run();
      }}
    >
      <SettingsFields
        asked={asked}
        given={given}
        kept={shop.secrets}
        change={(field, value) => setGiven((now) => ({ ...now, [field]: value }))}
      />
      <p className={page.faint}>{words("shops.sealed")}</p>
      {save.trouble ? <TroubleNote trouble={save.trouble} /> : null}
      {leave.trouble ? <TroubleNote trouble={leave.trouble} /> : null}
      <div className={page.acts}>
        <Button type="primary" size="small" htmlType="submit" loading={save.busy} disabled={!ready}>
          {words(shop.state === "closed" ? "shops.connect" : "shops.save")}
        </Button>
        {shop.state === "closed" ? null : (
          <Button
            size="small"
            danger
            loading={leave.busy}
            onClick={() =>
              modal.confirm({
                title: words("shops.leave.title", { shop: shop.shop.name }),
                content: words("shops.leave.what"),
                okText: words("shops.leave"),
                okButtonProps: { danger: true },
                cancelText: words("ui.cancel"),
                onOk: () => void leave.run(),
              })
            }
          >
            {words("shops.leave")}
          </Button>
        )}
      </div>
      {save.dialog}
      {leave.dialog}
    </form>
  );
}
