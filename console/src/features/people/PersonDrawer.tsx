/** One person: how they stand, what they may do, and what can be done about it. */

import { useQueryClient } from "@tanstack/react-query";
import { App, Button, Checkbox, Drawer } from "antd";
import { useState } from "react";
import { calls } from "../../api/calls";
import type { Invited, Me, PeopleShape, PersonShape } from "../../api/types";
import { codeWord, useWords } from "../../i18n";
import { useDeed, type Deed } from "../../pieces/deed";
import { useAskBefore } from "../../pieces/once";
import page from "../../pieces/page.module.css";
import { may } from "../../pieces/rights";
import { TroubleNote } from "../../pieces/states";
import { stamp } from "../../pieces/time";
import { LinkShown } from "./LinkShown";
import { Standing } from "./PeoplePage";
import css from "./people.module.css";
import { Roles, type Post } from "./Roles";

interface DrawerProps {
  me: Me;
  person: PersonShape;
  roll: PeopleShape;
  close: () => void;
}

export function PersonDrawer({ me, person, roll, close }: DrawerProps) {
  const words = useWords();
  const [leave, Asking] = useAskBefore(close);
  const self = person.id === me.id;
  const writes = may(me, "person:write") && !self && person.standing !== "erased";
  const comesIn = person.standing === "active" || person.standing === "invited";
  return (
    <Drawer open size={440} title={person.name} onClose={leave} styles={{ wrapper: { maxWidth: "100vw" } }}>
      <section className={page.section}>
        <Facts person={person} />
      </section>
      {writes && comesIn ? (
        <section className={page.section}>
          <ChangeRoles key={person.roles.join()} person={person} roll={roll} />
        </section>
      ) : null}
      {writes && comesIn ? (
        <section className={page.section}>
          <h3>{words("people.link")}</h3>
          <Asking>
            <NewLink person={person} />
          </Asking>
        </section>
      ) : null}
      {may(me, "session:erase") && comesIn ? (
        <section className={page.section}>
          <h3>{words("people.sessions")}</h3>
          <Sessions person={person} />
        </section>
      ) : null}
      {writes ? (
        <section className={page.section}>
          <h3>{words("people.access")}</h3>
          {comesIn ? <Deactivate person={person} /> : <Reactivate person={person} />}
        </section>
      ) : null}
      {self && may(me, "person:write") ? <p className={css.self}>{words("people.self")}</p> : null}
    </Drawer>
  );
}

function Facts({ person }: { person: PersonShape }) {
  const words = useWords();
  return (
    <dl className={page.facts}>
      <dt>{words("people.login")}</dt>
      <dd>{person.standing === "erased" ? words("ui.none") : person.login}</dd>
      <dt>{words("people.standing")}</dt>
      <dd>
        <Standing words={words} person={person} />
      </dd>
      <dt>{words("people.roles")}</dt>
      <dd>{person.roles.map((role) => codeWord(words, "role", role)).join("、")}</dd>
      <dt>{words("people.factor")}</dt>
      <dd>{words(person.secondFactor ? "people.factor.on" : "people.factor.off")}</dd>
      <dt>{words("people.last")}</dt>
      <dd>{person.lastInAt ? stamp(person.lastInAt) : words("people.last.none")}</dd>
      <dt>{words("people.sessions")}</dt>
      <dd>{words("people.sessions.n", { n: person.sessions })}</dd>
      {person.capacity === null ? null : (
        <>
          <dt>{words("people.desk")}</dt>
          <dd>
            {codeWord(words, "presence", person.presence ?? "")} · {words("people.desk.n", { n: person.capacity })}
          </dd>
        </>
      )}
    </dl>
  );
}

/** What every deed here ends in: a word, and the list read anew. */
function useDone(): (word: string) => void {
  const client = useQueryClient();
  const { message: toast } = App.useApp();
  return (word) => {
    void toast.success(word);
    void client.invalidateQueries({ queryKey: ["people"] });
  };
}

function Trouble({ deed }: { deed: Deed }) {
  return (
    <>
      {deed.trouble ? <TroubleNote trouble={deed.trouble} /> : null}
      {deed.dialog}
    </>
  );
}

function ChangeRoles({ person, roll }: { person: PersonShape; roll: PeopleShape }) {
  const words = useWords();
  const done = useDone();
  const was: Post = { roles: person.roles, skills: person.skills, capacity: person.capacity ?? 0 };
  const [post, setPost] = useState(was);
  const save = useDeed(
    () => calls.changeRoles(person.id, post),
    ({ waits }) => done(words(waits ? "people.saved.waits" : "people.saved")),
  );
  const same = told(post) === told(was);
  return (
    <form
      className={page.form}
      onSubmit={(event) => {
        event.preventDefault();
        void save.run();
      }}
    >
      <Roles roll={roll} post={post} change={setPost} />
      <span className={page.faint}>{words("people.roles.at")}</span>
      <Trouble deed={save} />
      <div className={page.acts}>
        <Button type="primary" htmlType="submit" disabled={same || post.roles.length === 0} loading={save.busy}>
          {words("people.save")}
        </Button>
        {same ? null : <Button onClick={() => setPost(was)}>{words("ui.cancel")}</Button>}
      </div>
    </form>
  );
}

function told(post: Post): string {
  return JSON.stringify([[...post.roles].sort(), [...post.skills].sort(), post.capacity]);
}

function NewLink({ person }: { person: PersonShape }) {
  const words = useWords();
  const done = useDone();
  const [factor, setFactor] = useState(false);
  const [link, setLink] = useState<Invited | null>(null);
  const send = useDeed(
    () => calls.sendLink(person.id, factor),
    (made) => {
      setLink(made);
      done(words("people.link.made"));
    },
  );
  if (link) return <LinkShown name={person.name} link={link} close={() => setLink(null)} />;
  const invited = person.standing === "invited";
  return (
    <div className={page.form}>
      <span className={page.faint}>{words(invited ? "people.link.again.why" : "people.link.reset.why")}</span>
      {person.secondFactor ? (
        <Checkbox checked={factor} onChange={(event) => setFactor(event.target.checked)}>
          {words("people.link.factor")}
        </Checkbox>
      ) : null}
      <Trouble deed={send} />
      <div className={page.acts}>
        <Button loading={send.busy} onClick={() => void send.run()}>
          {words("people.link.make")}
        </Button>
      </div>
    </div>
  );
}

function Sessions({ person }: { person: PersonShape }) {
  const words = useWords();
  const done = useDone();
  const end = useDeed(
    () => calls.endSessions(person.id),
    ({ ended }) => done(words("people.ended", { n: ended })),
  );
  const unlock = useDeed(
    () => calls.unlock(person.id),
    () => done(words("people.unlocked")),
  );
  return (
    <div className={page.form}>
      <span className={page.faint}>{words("people.end.why")}</span>
      <Trouble deed={end} />
      <Trouble deed={unlock} />
      <div className={page.acts}>
        <Button disabled={person.sessions === 0} loading={end.busy} onClick={() => void end.run()}>
          {words("people.end")}
        </Button>
        {person.lockedUntil ? (
          <Button type="primary" loading={unlock.busy} onClick={() => void unlock.run()}>
            {words("people.unlock")}
          </Button>
        ) : null}
      </div>
    </div>
  );
}

function Deactivate({ person }: { person: PersonShape }) {
  const words = useWords();
  const done = useDone();
  const { modal } = App.useApp();
  const deed = useDeed(
    () => calls.deactivate(person.id),
    () => done(words("people.deactivated", { name: person.name })),
  );
  const ask = () =>
    modal.confirm({
      title: words("people.deactivate.ask", { name: person.name }),
      content: words("people.deactivate.why"),
      okText: words("people.deactivate"),
      okButtonProps: { danger: true },
      cancelText: words("ui.cancel"),
      onOk: () => void deed.run(),
    });
  return (
    <div className={page.form}>
      <span className={page.faint}>{words("people.deactivate.why")}</span>
      <Trouble deed={deed} />
      <div className={page.acts}>
        <Button danger loading={deed.busy} onClick={() => void ask()}>
          {words("people.deactivate")}
        </Button>
      </div>
    </div>
  );
}

function Reactivate({ person }: { person: PersonShape }) {
  const words = useWords();
  const done = useDone();
  const deed = useDeed(
    () => calls.reactivate(person.id),
    () => done(words("people.reactivated", { name: person.name })),
  );
  return (
    <div className={page.form}>
      <span className={page.faint}>{words("people.reactivate.why")}</span>
      <Trouble deed={deed} />
      <div className={page.acts}>
        <Button type="primary" loading={deed.busy} onClick={() => void deed.run()}>
          {words("people.reactivate")}
        </Button>
      </div>
    </div>
  );
}
