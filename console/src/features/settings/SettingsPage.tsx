/** What an organisation decides for itself, a section each. */

import { useEffect } from "react";
import type { Me } from "../../api/types";
import { useWords } from "../../i18n";
import page from "../../pieces/page.module.css";
import { may } from "../../pieces/rights";
import { Retention } from "./Retention";
import { Webhooks } from "./Webhooks";
import css from "./settings.module.css";

export default function SettingsPage({ me }: { me: Me }) {
  const words = useWords();
  useEffect(() => {
    document.title = `${words("nav.settings")} · ${words("brand")}`;
  }, [words]);
  return (
    <div className={page.page}>
      <header className={page.head}>
        <h1>{words("nav.settings")}</h1>
        <span className={page.faint}>{me.organisation}</span>
      </header>
      <div className={page.body}>
        <div className={css.sections}>
          {may(me, "retention:read") ? <Retention me={me} /> : null}
          {may(me, "webhook:read") ? <Webhooks me={me} /> : null}
        </div>
      </div>
    </div>
  );
}
