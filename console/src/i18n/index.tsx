/** The console's words: Chinese first, English beside it. Every word a person sees goes through `useWords`. */

import { createContext, useCallback, useContext, useEffect, useMemo, useState, type ReactNode } from "react";
import { keep, recall } from "../pieces/keep";
import { en } from "./en";
import { zh, type Word } from "./zh";

export type Language = "zh" | "en";
export type Words = (word: Word, values?: Record<string, string | number>) => string;

const KEY = "huiyin.language";
const DICTIONARIES: Record<Language, Record<Word, string>> = { zh, en };

interface LanguageValue {
  language: Language;
  toggle: () => void;
}

const LanguageContext = createContext<LanguageValue>({ language: "zh", toggle: () => undefined });

/** What was chosen here before; else English for a browser that asks for it and for no Chinese; else Chinese. */
function first(): Language {
  const chosen = recall(KEY);
  if (chosen !== null) return chosen === "en" ? "en" : "zh";
  const asked = navigator.languages.map((each) => each.toLowerCase());
  return asked[0]?.startsWith("en") && !asked.some((each) => each.startsWith("zh")) ? "en" : "zh";
}

export function LanguageProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState<Language>(first);
  useEffect(() => {
    document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  }, [language]);
  const toggle = useCallback(() => {
    setLanguage((now) => {
      const next = now === "zh" ? "en" : "zh";
      keep(KEY, next);
      return next;
    });
  }, []);
  const value = useMemo(() => ({ language, toggle }), [language, toggle]);
  return <LanguageContext.Provider value={value}>{children}</LanguageContext.Provider>;
}

export function useLanguage(): LanguageValue {
  return useContext(LanguageContext);
}

export function useWords(): Words {
  const { language } = useLanguage();
  return useCallback((word, values) => fill(DICTIONARIES[language][word], values), [language]);
}

/** Words outside of components, for the rare place that has no hook. */
export function wordsOf(language: Language): Words {
  return (word, values) => fill(DICTIONARIES[language][word], values);
}

/**
 * The word for a code from the wire, such as `presence` + `online`. A code we have no word for gets the
 * group's `other` word: never the code itself.
 */
export function codeWord(words: Words, group: CodeGroup, code: string): string {
  const word = `${group}.${code}`;
  return words(isWord(word) ? word : `${group}.other`);
}

/** True if the console has its own word for the code. */
export function hasWord(group: CodeGroup, code: string): boolean {
  return isWord(`${group}.${code}`);
}

/** Every code of a group that the console has a word for. */
export function codesOf(group: CodeGroup): string[] {
  const start = `${group}.`;
  return Object.keys(zh)
    .filter((word) => word.startsWith(start) && word !== `${start}other`)
    .map((word) => word.slice(start.length));
}

type OtherWord = Extract<Word, `${string}.other`>;
export type CodeGroup = OtherWord extends `${infer Group}.other` ? Group : never;

function isWord(word: string): word is Word {
  return Object.hasOwn(zh, word);
}

function fill(text: string, values?: Record<string, string | number>): string {
  if (!values) return text;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
