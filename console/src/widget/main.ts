/** Begin: find the script's own tag, keep what belongs to its site, put the widget on the page. */

import { drawerOf } from "./keeping";
import { Talk } from "./talk";
import { View } from "./view";
import { wordsOf } from "./words";

const HOST = "huiyin-widget";
const tag = document.currentScript instanceof HTMLScriptElement ? document.currentScript : null;

function begin(script: HTMLScriptElement): void {
  const { site = "", lang: wish = navigator.language } = script.dataset;
  if (!site || document.getElementById(HOST)) return;
  const host = document.createElement("div");
  host.id = HOST;
  const lang = wish.toLowerCase().startsWith("en") ? "en" : "zh-CN";
  let view: View | null = null;
  const talk = new Talk(new URL(script.src).origin, site, drawerOf(site, storage()), () => view?.draw());
  view = new View(host, talk, wordsOf(lang), lang);
  document.body.append(host);
  window.addEventListener("online", () => talk.standing !== "idle" && talk.connect());
  window.addEventListener("offline", () => talk.lost());
  document.addEventListener("visibilitychange", () => view?.draw());
  // Whoever never wrote costs the server nothing until they do.
  if (talk.returns) talk.connect();
}

function storage(): Storage | null {
  try {
    return window.localStorage;
  } catch {
    return null; // the browser keeps nothing for this page
  }
}

if (tag) {
  if (document.body) begin(tag);
  else document.addEventListener("DOMContentLoaded", () => begin(tag));
}
