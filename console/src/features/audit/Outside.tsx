/** How somebody verifies the audit who trusts neither this server nor us: the public key, and what to run where. */

import { Button, Drawer } from "antd";
import { useState } from "react";
import type { AuditKey } from "../../api/types";
import { useWords } from "../../i18n";
import { copyText } from "../../pieces/copy";
import page from "../../pieces/page.module.css";
import css from "./audit.module.css";

/** In lines that a terminal takes as one command, so that no option is torn apart. */
const VERIFY = [
  "huiyin audit verify",
  "--public-key huiyin-audit.pem",
  "--checkpoints checkpoints.jsonl",
  "--folder FOLDER",
].join(" \\\n  ");
const FILE = "huiyin-audit.pem";

export function Outside({ held }: { held: AuditKey }) {
  const words = useWords();
  const [open, setOpen] = useState(false);
  const [copied, setCopied] = useState<"key" | "command" | null>(null);
  return (
    <>
      <Button size="small" aria-haspopup="dialog" onClick={() => setOpen(true)}>
        {words("audit.outside")}
      </Button>
      <Drawer
        open={open}
        size={460}
        title={words("audit.outside")}
        onClose={() => setOpen(false)}
        styles={{ wrapper: { maxWidth: "100vw" } }}
      >
        <section className={page.section}>
          <p>{words("audit.outside.why")}</p>
          <h3>{words("audit.outside.key", { name: held.name })}</h3>
          <pre className={css.command}>{held.pem}</pre>
          <div className={page.acts}>
            <Button size="small" onClick={() => void copyText(held.pem).then((done) => setCopied(done ? "key" : null))}>
              {words(copied === "key" ? "ui.copied" : "ui.copy")}
            </Button>
            <Button
              size="small"
              href={`data:application/x-pem-file,${encodeURIComponent(held.pem)}`}
              download={FILE}
            >
              {words("audit.outside.save", { file: FILE })}
            </Button>
          </div>
        </section>
        <section className={page.section}>
          <h3>{words("audit.outside.run")}</h3>
          <p>{words("audit.outside.files")}</p>
          <pre className={css.command}>{VERIFY}</pre>
          <Button size="small" onClick={() => void copyText(VERIFY).then((done) => setCopied(done ? "command" : null))}>
            {words(copied === "command" ? "ui.copied" : "ui.copy")}
          </Button>
          <p className={page.faint}>{words("audit.outside.name", { name: held.name })}</p>
        </section>
      </Drawer>
    </>
  );
}
