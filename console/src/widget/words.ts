/** What the widget says, Chinese first. A visitor's language is the page's wish (`data-lang`), else the browser's. */

export const ZH = {
  open: "联系客服",
  unread: "联系客服，{n} 条未读",
  close: "关闭",
  title: "在线客服",
  log: "对话",
  field: "输入消息",
  placeholder: "输入消息，回车发送",
  send: "发送",
  person: "转人工",
  bot: "智能客服",
  agent: "人工客服",
  you: "我",
  connecting: "正在连接…",
  offline: "网络已断开，您写的话会在恢复后发出",
  away: "暂时连不上，正在重试",
  gone: "这里的在线客服暂时不可用",
  retry: "重试",
  pending: "待发送",
  failed: "没有发出",
  slow: "发得太快了，稍后自动发出",
  long: "最多 {n} 个字",
  empty: "您好，请问有什么可以帮您？",
} as const;

export type Word = keyof typeof ZH;

const EN: Record<Word, string> = {
  open: "Contact us",
  unread: "Contact us, {n} unread",
  close: "Close",
  title: "Customer service",
  log: "Conversation",
  field: "Your message",
  placeholder: "Your message, Enter sends it",
  send: "Send",
  person: "Talk to a person",
  bot: "Assistant",
  agent: "Service agent",
  you: "You",
  connecting: "Connecting…",
  offline: "You are offline; what you write is sent once you are back",
  away: "Cannot connect, trying again",
  gone: "Customer service is not available here at the moment",
  retry: "Try again",
  pending: "Waiting to be sent",
  failed: "Not sent",
  slow: "That was fast; it is sent in a moment",
  long: "{n} characters at most",
  empty: "Hello, how can we help you?",
};

export type Say = (word: Word, n?: number) => string;

/** Return the words of one language: English where it is wished for, Chinese otherwise. */
export function wordsOf(wish: string): Say {
  const words: Record<Word, string> = wish.toLowerCase().startsWith("en") ? EN : ZH;
  return (word, n) => words[word].replace("{n}", String(n ?? ""));
}
