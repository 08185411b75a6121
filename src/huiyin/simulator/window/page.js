/* The simulated 咚咚: shows the chats of shops that are only read, sends what is pasted. Knows nothing of Huiyin. */
"use strict";

const WORDS = {
  zh: {
    title: "咚咚（模拟）",
    what: "这不是京东的咚咚，是模拟器替它开的窗口。“读”接入的店铺，回复在回音里检查、复制，再粘贴到这里发出。",
    list: "只读接入的店铺 · 顾客",
    empty: "还没有顾客来问，稍等片刻。",
    none: "选一位顾客，把在回音里检查过的回复粘贴进来。",
    trouble: "连不上模拟京东。演示结束了？重新运行 make demo 后刷新本页。",
    send: "发送",
    hint: "粘贴回复，Enter 发送，Shift+Enter 换行",
    waits: "等回复",
    sent: "已发出。回音下次轮询（约 20 秒一次）时会读到并认出它。",
    failed: "没有发出，请再试一次。",
    other: "English",
  },
  en: {
    title: "Dongdong (simulated)",
    what: "This is not JD's Dongdong; the simulator plays its part. Replies of “Read” shops are checked and copied in Huiyin, then pasted and sent here.",
    list: "Customers of shops that are only read",
    empty: "Nobody has written yet; wait a moment.",
    none: "Choose a customer and paste the reply you checked in Huiyin.",
    trouble: "The simulated JD does not answer. Did the demo end? Run make demo again and reload this page.",
    send: "Send",
    hint: "Paste the reply; Enter sends, Shift+Enter breaks the line",
    waits: "waits",
    sent: "Sent. Huiyin will read and recognise it at its next poll, about every 20 s.",
    failed: "Not sent; try again.",
    other: "中文",
  },
};
const CONTROL = { "x-control": "1", "content-type": "application/json" };
const by = (id) => document.getElementById(id);
const clock = new Intl.DateTimeFormat("zh-CN", { timeZone: "Asia/Shanghai", timeStyle: "medium" });

let language = localStorage.getItem("dongdong.language") === "en" ? "en" : "zh";
let chosen = "";
let chats = [];
let drawn = "";
let sending = false;

const keyOf = (chat) => `${chat.shop}/${chat.customer}`;

function translate() {
  const words = WORDS[language];
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  document.title = words.title;
  for (const element of document.querySelectorAll("[data-word]")) element.textContent = words[element.dataset.word];
  by("language").textContent = words.other;
  by("text").placeholder = words.hint;
  by("text").setAttribute("aria-label", words.hint);
  drawn = "";
  draw();
}

function make(name, text, className) {
  const element = document.createElement(name);
  element.textContent = text;
  if (className) element.className = className;
  return element;
}

function row(chat) {
  const button = document.createElement("button");
  const top = document.createElement("span");
  top.append(make("b", chat.customer));
  top.append(chat.waits ? make("i", WORDS[language].waits, "waits") : make("time", clock.format(new Date(chat.last_at))));
  button.append(top, make("em", chat.said.at(-1).text));
  button.type = "button";
  if (keyOf(chat) === chosen) button.setAttribute("aria-current", "true");
  button.addEventListener("click", () => choose(keyOf(chat)));
  const item = document.createElement("li");
  item.append(button);
  return item;
}

function draw() {
  const now = JSON.stringify([chats, chosen]);
  if (now === drawn) return;
  drawn = now;
  by("empty").hidden = chats.length > 0;
  const held = document.activeElement?.closest("#chats li");
  const place = held ? [...by("chats").children].indexOf(held) : -1;
  by("chats").replaceChildren(...chats.map(row));
  if (place >= 0) by("chats").children[place]?.querySelector("button").focus();
  const chat = chats.find((one) => keyOf(one) === chosen);
  by("none").hidden = Boolean(chat);
  by("talk").hidden = !chat;
  if (!chat) return;
  by("customer").textContent = chat.customer;
  by("shop").textContent = chat.shop_name;
  const lines = chat.said.map((said) => {
    const line = make("li", said.text, said.by_waiter ? "ours" : "");
    line.append(make("time", clock.format(new Date(said.at))));
    return line;
  });
  by("said").replaceChildren(...lines);
  by("said").scrollTop = by("said").scrollHeight;
}

function choose(key) {
  chosen = key;
  by("told").textContent = "";
  draw();
  by("text").focus();
}

async function load() {
  try {
    const answer = await fetch("/dongdong/chats", { headers: CONTROL });
    if (!answer.ok) throw new Error(String(answer.status));
    chats = await answer.json();
    by("trouble").hidden = true;
    draw();
  } catch {
    by("trouble").hidden = false;
  }
}

async function send() {
  const chat = chats.find((one) => keyOf(one) === chosen);
  const text = by("text").value;
  if (!chat || !text.trim() || sending) return;
  sending = true;
  const body = JSON.stringify({ shop: chat.shop, customer: chat.customer, text });
  const answer = await fetch("/dongdong/type", { method: "POST", headers: CONTROL, body }).catch(() => null);
  sending = false;
  by("told").textContent = WORDS[language][answer?.ok ? "sent" : "failed"];
  if (answer?.ok) by("text").value = "";
  await load();
}

by("form").addEventListener("submit", (event) => {
  event.preventDefault();
  void send();
});
by("text").addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  void send();
});
by("language").addEventListener("click", () => {
  language = language === "zh" ? "en" : "zh";
  localStorage.setItem("dongdong.language", language);
  translate();
});
translate();
void load();
setInterval(load, 2000);
