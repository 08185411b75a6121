/** What somebody is to be: roles with a sentence each, skills, how much their desk takes. */

import { Checkbox, InputNumber, Select } from "antd";
import type { PeopleShape } from "../../api/types";
import { codeWord, useWords } from "../../i18n";
import css from "./people.module.css";

export interface Post {
  roles: string[];
  skills: string[];
  capacity: number;
}

/** Roles in the order in which a company gets to need them. */
const ORDER = [
  "agent",
  "team_lead",
  "inspector",
  "trainer",
  "vendor_manager",
  "merchant_owner",
  "merchant_viewer",
  "administrator",
  "security_officer",
  "auditor",
];
const DESK = ["agent", "team_lead"];
export const USUAL_CAPACITY = 5;
const MOST_CAPACITY = 50;

interface RolesProps {
  roll: PeopleShape;
  post: Post;
  change: (post: Post) => void;
}

export function Roles({ roll, post, change }: RolesProps) {
  const words = useWords();
  const given = [...roll.roles].sort((one, other) => ORDER.indexOf(one) - ORDER.indexOf(other));
  const alone = post.roles.find((role) => roll.alone.includes(role));
  const desk = post.roles.some((role) => DESK.includes(role));
  const skills = [...new Set(roll.people.flatMap((one) => one.skills))].sort();
  const toggle = (role: string, on: boolean) => {
    const rest = post.roles.filter((one) => one !== role);
    const roles = on ? [...rest, role] : rest;
    const starts = on && DESK.includes(role) && post.capacity === 0;
    change({ ...post, roles, capacity: starts ? USUAL_CAPACITY : post.capacity });
  };
  return (
    <>
      <fieldset className={css.roles}>
        <legend>{words("people.roles")}</legend>
        {given.map((role) => {
          const on = post.roles.includes(role);
          const barred = !on && (alone !== undefined || (post.roles.length > 0 && roll.alone.includes(role)));
          return (
            <label key={role} data-off={barred ? "" : undefined}>
              <Checkbox checked={on} disabled={barred} onChange={(event) => toggle(role, event.target.checked)} />
              <span>
                {codeWord(words, "role", role)}
                <small>{codeWord(words, "rolewhy", role)}</small>
              </span>
            </label>
          );
        })}
        {alone ? <p className={css.alone}>{words("people.alone", { role: codeWord(words, "role", alone) })}</p> : null}
      </fieldset>
      {desk ? (
        <>
          <label>
            {words("people.capacity")}
            <InputNumber
              min={0}
              max={MOST_CAPACITY}
              precision={0}
              value={post.capacity}
              onChange={(capacity) => change({ ...post, capacity: capacity ?? 0 })}
            />
            <small>{words("people.capacity.why")}</small>
          </label>
          <label>
            {words("people.skills")}
            <Select
              mode="tags"
              value={post.skills}
              maxCount={30}
              options={skills.map((skill) => ({ value: skill, label: skill }))}
              onChange={(chosen: string[]) => change({ ...post, skills: chosen })}
            />
          </label>
        </>
      ) : null}
    </>
  );
}
