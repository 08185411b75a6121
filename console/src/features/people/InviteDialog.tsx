/** Add somebody: name, login, roles; then their one-time link, this once. */

import { useQueryClient } from "@tanstack/react-query";
import { Button, Input, Modal } from "antd";
import { useState } from "react";
import { calls } from "../../api/calls";
import type { Invited, PeopleShape } from "../../api/types";
import { useWords } from "../../i18n";
import { useDeed } from "../../pieces/deed";
import { useAskBefore } from "../../pieces/once";
import page from "../../pieces/page.module.css";
import { TroubleNote } from "../../pieces/states";
import { LinkShown } from "./LinkShown";
import { Roles, type Post } from "./Roles";

const NOBODY: Post = { roles: [], skills: [], capacity: 0 };

interface InviteProps {
  roll: PeopleShape;
  close: () => void;
  /** What is chosen at first. */
  first?: Post;
}

export function InviteDialog({ roll, close, first = NOBODY }: InviteProps) {
  const words = useWords();
  const client = useQueryClient();
  const [name, setName] = useState("");
  const [login, setLogin] = useState("");
  const [post, setPost] = useState(first);
  const [leave, Asking] = useAskBefore(close);
  const [link, setLink] = useState<Invited | null>(null);
  const invite = useDeed(
    () => calls.invite({ name: name.trim(), login: login.trim(), ...post }),
    (made) => {
      setLink(made);
      void client.invalidateQueries({ queryKey: ["people"] });
    },
  );
  const ready = name.trim() !== "" && login.trim().length >= 2 && post.roles.length > 0;
  return (
    <>
      <Modal
        open
        width={480}
        style={{ top: 24 }}
        title={words(link ? "people.link" : "people.add")}
        footer={null}
        maskClosable={false}
        onCancel={leave}
      >
        {link ? (
          <Asking>
            <LinkShown name={name.trim()} link={link} close={close} />
          </Asking>
        ) : (
          <form
            className={page.form}
            onSubmit={(event) => {
              event.preventDefault();
              if (ready) void invite.run();
            }}
          >
            <label>
              {words("people.name")}
              <Input autoFocus maxLength={60} value={name} onChange={(event) => setName(event.target.value)} />
            </label>
            <label>
              {words("people.login")}
              <Input
                maxLength={60}
                autoComplete="off"
                value={login}
                onChange={(event) => setLogin(event.target.value)}
              />
              <small>{words("people.login.why")}</small>
            </label>
            <Roles roll={roll} post={post} change={setPost} />
            <div className={page.bottom}>
              {invite.trouble ? <TroubleNote trouble={invite.trouble} /> : null}
              <div className={page.acts} style={{ justifyContent: "flex-end" }}>
                <Button onClick={close}>{words("ui.cancel")}</Button>
                <Button type="primary" htmlType="submit" loading={invite.busy} disabled={!ready}>
                  {words("people.invite")}
                </Button>
              </div>
            </div>
          </form>
        )}
      </Modal>
      {invite.dialog}
    </>
  );
}
