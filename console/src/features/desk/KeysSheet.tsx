/** All keys of the desk. Key ? */

import { Modal } from "antd";
import { useWords } from "../../i18n";
import type { Word } from "../../i18n/zh";
import { Key } from "../../pieces/small";
import css from "./desk.module.css";

const KEYS: [Word, string[]][] = [
  ["keys.take", ["T"]],
  ["keys.send", ["Enter"]],
  ["keys.newline", ["Shift+Enter"]],
  ["keys.anyway", ["Ctrl+Enter"]],
  ["keys.settle", ["U"]],
  ["keys.reveal", ["H"]],
  ["keys.transfer", ["G", "Alt+T"]],
  ["keys.close", ["E", "Alt+W"]],
  ["keys.use", ["1", "2", "3"]],
  ["keys.order", ["O"]],
  ["keys.logistics", ["L"]],
  ["keys.protection", ["P"]],
  ["keys.next", ["J", "Alt+↓"]],
  ["keys.previous", ["K", "Alt+↑"]],
  ["keys.tabs", ["[", "]"]],
  ["keys.focus", ["/"]],
  ["keys.blur", ["Esc"]],
  ["keys.presence", ["S"]],
  ["keys.sheet", ["?"]],
];

export function KeysSheet({ close }: { close: () => void }) {
  const words = useWords();
  return (
    <Modal open width={560} footer={null} title={words("keys.title")} onCancel={close}>
      <span className={css.faint}>{words("keys.when")}</span>
      <dl className={css.keys}>
        {KEYS.map(([word, keys]) => (
          <div key={word}>
            <dt>{words(word)}</dt>
            <dd>
              {keys.map((one) => (
                <Key key={one}>{one}</Key>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
