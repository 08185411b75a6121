/** What a message holds, by kind. Pictures and voice stay placeholders: nothing is loaded from outside. */

import type { MessageShape } from "../../api/types";
import { useWords } from "../../i18n";
import { BoxIcon, ImageIcon, TagIcon, VoiceIcon } from "../icons";
import css from "./chat.module.css";
import { Marked } from "./Marked";

export function Body({ message }: { message: MessageShape }) {
  const words = useWords();
  const { kind, text, data, findings } = message;
  if (kind === "image") {
    return (
      <Card icon={<ImageIcon />} title={text || words("chat.image")} detail={words("chat.image.detail")} />
    );
  }
  if (kind === "voice") {
    const seconds = data["seconds"];
    const title = seconds ? words("chat.voice.seconds", { n: seconds }) : words("chat.voice");
    return <Card icon={<VoiceIcon />} title={title} detail={text || words("chat.voice.detail")} />;
  }
  if (kind === "order_card") {
    return <Card icon={<BoxIcon />} title={text || words("chat.order")} detail={orderDetail(text, data["order_id"])} />;
  }
  if (kind === "sku_card") {
    return <Card icon={<TagIcon />} title={data["name"] ?? (text || words("chat.sku"))} detail={words("chat.sku")} />;
  }
  if (kind === "recall") return <em className={css.recall}>{words("chat.recall")}</em>;
  return <Marked text={text} findings={findings} message={message} />;
}

function Card({ icon, title, detail }: { icon: React.ReactNode; title: string; detail: string }) {
  return (
    <span className={css.card}>
      {icon}
      <span>
        {title}
        {detail ? <small>{detail}</small> : null}
      </span>
    </span>
  );
}

function orderDetail(text: string, order: string | undefined): string {
  return order && !text.includes(order) ? order : "";
}
