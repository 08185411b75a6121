/** The live wall: the day's figures, its course, every shop and every agent; each number opens to what is behind it. */

import { Button, Select } from "antd";
import { lazy, Suspense, useEffect, useState, type CSSProperties } from "react";
import type { Me } from "../../api/types";
import { useSnapshot } from "../../app/live";
import { useWords } from "../../i18n";
import { may } from "../../pieces/rights";
import { onKeys } from "../../pieces/keyboard";
import { ScreenIcon } from "../../pieces/icons";
import { Chip, Key } from "../../pieces/small";
import { Bones, Nothing, TroubleNote } from "../../pieces/states";
import { clockTimeSeconds } from "../../pieces/time";
import { asTrouble } from "../../sync/runtime";
import { isOfToday } from "./figure";
import { FigureDrawer, type Question } from "./FigureDrawer";
import { Figures } from "./Figures";
import { GroupTable } from "./GroupTable";
import { HookBadge } from "./HookBadge";
import { StuckBadge } from "./StuckBadge";
import { useTv } from "./useTv";
import { useWall } from "./useWall";
import css from "./wall.module.css";

const CourseChart = lazy(() => import("./CourseChart"));

export default function WallPage({ me, go }: { me: Me; go: (path: string) => void }) {
  const words = useWords();
  const [shop, setShop] = useState("");
  const [question, setQuestion] = useState<Question | null>(null);
  const [tv, toggleTv] = useTv();
  const { wall, trouble, retry } = useWall(shop);
  useEffect(() => onKeys({ f: toggleTv }), [toggleTv]);
  useEffect(() => {
    document.title = `${words("nav.wall")} · ${words("brand")}`;
  }, [words]);

  if (!wall) {
    return trouble ? <TroubleNote trouble={asTrouble(trouble)} retry={retry} /> : <Bones lines={8} />;
  }
  const shopName = me.shops.find((one) => one.id === shop)?.name;
  const figures = wall.figures.filter(isOfToday);
  return (
    <div className={css.wall}>
      <header className={css.head}>
        <h1>{shopName ?? words("wall.title")}</h1>
        <span className={css.day}>{wall.day}</span>
        <Freshness asOf={wall.asOf} />
        {may(me, "stuck_event:read") ? <StuckBadge go={go} /> : null}
        {may(me, "webhook:read") ? <HookBadge go={go} /> : null}
        <span className={css.grow} />
        <Select
          className={css.control ?? ""}
          size="small"
          aria-label={words("wall.shop")}
          value={shop}
          onChange={setShop}
          popupMatchSelectWidth={false}
          options={[
            { value: "", label: words("list.shops") },
            ...me.shops.map((one) => ({ value: one.id, label: one.name })),
          ]}
        />
        <Button className={css.control ?? ""} size="small" icon={<ScreenIcon />} onClick={toggleTv}>
          <span className={css.withKey}>
            {words(tv ? "wall.tv.leave" : "wall.tv")} <Key>F</Key>
          </span>
        </Button>
      </header>
      {trouble ? <TroubleNote trouble={asTrouble(trouble)} retry={retry} /> : null}
      <Figures figures={figures} ask={(figure) => setQuestion({ figure, shop, agent: "", of: shopName ?? "" })} />
      <section className={css.course}>
        <h2>
          {words("wall.course")} <small>{words("wall.course.unit")}</small>
        </h2>
        {wall.course.length === 0 ? (
          <Nothing title={words("wall.empty")} detail={words("wall.empty.detail")} />
        ) : (
          <Suspense fallback={<Bones lines={4} />}>
            <CourseChart course={wall.course} tv={tv} />
          </Suspense>
        )}
      </section>
      <div className={css.groups} style={{ "--columns": figures.length } as CSSProperties}>
        <GroupTable
          title={words("wall.shops")}
          groups={wall.shops}
          order={figures}
          ask={(figure, group) => setQuestion({ figure, shop: group.id, agent: "", of: group.name })}
        />
        <GroupTable
          title={words("wall.agents")}
          groups={wall.agents}
          order={figures}
          ask={(figure, group) => setQuestion({ figure, shop, agent: group.id, of: group.name })}
        />
      </div>
      {question ? <FigureDrawer question={question} close={() => setQuestion(null)} /> : null}
    </div>
  );
}

/** As of when; and in TV mode, where the bar is hidden, that the line is down. */
function Freshness({ asOf }: { asOf: string }) {
  const words = useWords();
  const wire = useSnapshot((snapshot) => snapshot.wire);
  const down = wire === "offline" || wire === "retrying";
  return (
    <span className={css.asof}>
      {words("ui.asof", { time: clockTimeSeconds(asOf) })}
      {down ? <Chip tone={wire === "offline" ? "bad" : "warn"}>{words(`wire.${wire}`)}</Chip> : null}
    </span>
  );
}
