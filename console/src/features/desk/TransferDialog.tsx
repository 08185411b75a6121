/** Hand a conversation on: to a colleague whose state and load one sees, or to a skill's queue, with a note. */

import { useMutation, useQuery } from "@tanstack/react-query";
import { Input, Modal, Segmented } from "antd";
import { useState } from "react";
import { calls } from "../../api/calls";
import type { Colleague } from "../../api/types";
import { useLive } from "../../app/live";
import { codeWord, useWords, type Words } from "../../i18n";
import { Bones, TroubleNote } from "../../pieces/states";
import { asTrouble } from "../../sync/runtime";
import type { DialogProps } from "./CloseDialog";
import { skillWord } from "./ConversationRow";
import css from "./desk.module.css";

export function TransferDialog({ line, done, cancel }: DialogProps) {
  const words = useWords();
  const { runtime } = useLive();
  const [way, setWay] = useState<"person" | "skill">("person");
  const [person, setPerson] = useState<string | null>(null);
  const [skill, setSkill] = useState<string | null>(null);
  const [note, setNote] = useState("");
  const colleagues = useQuery({
    queryKey: ["colleagues", line.id],
    queryFn: () => calls.colleagues(line.id),
    staleTime: 0,
  });
  const hand = useMutation({
    mutationFn: () =>
      calls.transfer(line.id, {
        person: way === "person" ? person : null,
        skill: way === "skill" ? skill : null,
        note: note.trim(),
      }),
    onSuccess: (handed) => {
      done();
      runtime.answered(handed);
    },
  });
  const target = way === "person" ? person : skill;
  const people = colleagues.data ?? [];
  return (
    <Modal
      open
      width={460}
      title={words("transfer.title")}
      okText={words("transfer.submit")}
      cancelText={words("ui.cancel")}
      okButtonProps={{ disabled: target === null }}
      confirmLoading={hand.isPending}
      onOk={() => hand.mutate()}
      onCancel={cancel}
    >
      <Segmented
        block
        value={way}
        onChange={setWay}
        options={[
          { value: "person", label: words("transfer.person") },
          { value: "skill", label: words("transfer.skill") },
        ]}
      />
      {colleagues.isPending ? <Bones lines={4} /> : null}
      {colleagues.error ? (
        <TroubleNote trouble={asTrouble(colleagues.error)} retry={() => void colleagues.refetch()} />
      ) : null}
      {colleagues.data ? (
        way === "person" ? (
          <People words={words} people={people} chosen={person} choose={setPerson} />
        ) : (
          <Skills words={words} people={people} now={line.skill} chosen={skill} choose={setSkill} />
        )
      ) : null}
      <label className={css.field}>
        {words("transfer.note")}
        <Input.TextArea
          autoSize={{ minRows: 2, maxRows: 5 }}
          value={note}
          placeholder={words("transfer.note.hint")}
          onChange={(event) => setNote(event.target.value)}
        />
      </label>
      {hand.error ? <TroubleNote trouble={asTrouble(hand.error)} /> : null}
    </Modal>
  );
}

interface ChoiceProps {
  words: Words;
  people: readonly Colleague[];
  chosen: string | null;
  choose: (id: string) => void;
}

/** Free ones first: online before the rest, then by what is left of their capacity. */
function People({ words, people, chosen, choose }: ChoiceProps) {
  if (people.length === 0) return <p className={css.faint}>{words("transfer.empty")}</p>;
  const sorted = [...people].sort((a, b) => rank(b) - rank(a));
  return (
    <div className={css.people} role="radiogroup" aria-label={words("transfer.person")}>
      {sorted.map((one, n) => {
        const full = one.load >= one.capacity;
        const unable = full || one.presence === "offline";
        return (
          <label key={one.id} className={css.person}>
            <input
              type="radio"
              name="person"
              checked={chosen === one.id}
              disabled={unable}
              autoFocus={n === 0 && !unable}
              onChange={() => choose(one.id)}
            />
            <span>{one.name}</span>
            <small>{one.skills.map((skill) => skillWord(words, skill)).join(" · ")}</small>
            <span>{codeWord(words, "presence", one.presence)}</span>
            <span title={full ? words("transfer.full") : undefined}>
              {words("transfer.load", { load: one.load, capacity: one.capacity })}
            </span>
          </label>
        );
      })}
    </div>
  );
}

function Skills({ words, people, now, chosen, choose }: ChoiceProps & { now: string }) {
  const skills = [...new Set(people.flatMap((one) => one.skills))].sort();
  if (skills.length === 0) return <p className={css.faint}>{words("transfer.empty")}</p>;
  return (
    <div className={css.people} role="radiogroup" aria-label={words("transfer.skill")}>
      {skills.map((skill) => {
        const able = people.filter((one) => one.skills.includes(skill));
        const online = able.filter((one) => one.presence === "online").length;
        return (
          <label key={skill} className={css.person}>
            <input type="radio" name="skill" checked={chosen === skill} onChange={() => choose(skill)} />
            <span>{skillWord(words, skill)}</span>
            <small>{skill === now ? words("transfer.now") : ""}</small>
            <span>{words("transfer.online", { online, all: able.length })}</span>
          </label>
        );
      })}
    </div>
  );
}

function rank(one: Colleague): number {
  return (one.presence === "online" ? 1000 : one.presence === "offline" ? -1000 : 0) + one.capacity - one.load;
}
