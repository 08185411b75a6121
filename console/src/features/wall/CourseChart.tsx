/** The day's course: sessions begun per quarter of an hour, and how many of them were answered in time. */

import { BarChart } from "echarts/charts";
import { GridComponent, TooltipComponent } from "echarts/components";
import { init, use as register, type ECharts } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { useEffect, useRef } from "react";
import type { WallQuarter } from "../../api/types";
import { useTheme } from "../../design/theme";
import { FONT, PALETTES } from "../../design/tokens";
import { useWords } from "../../i18n";
import { clockTime } from "../../pieces/time";
import css from "./wall.module.css";

register([BarChart, GridComponent, TooltipComponent, SVGRenderer]);

export default function CourseChart({ course, tv }: { course: readonly WallQuarter[]; tv: boolean }) {
  const words = useWords();
  const { mode } = useTheme();
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<ECharts | null>(null);

  useEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const made = init(element, null, { renderer: "svg" });
    chart.current = made;
    const watcher = new ResizeObserver(() => made.resize());
    watcher.observe(element);
    return () => {
      watcher.disconnect();
      made.dispose();
      chart.current = null;
    };
  }, []);

  useEffect(() => {
    const palette = PALETTES[mode];
    const size = tv ? 18 : 12;
    const label = { color: palette.textFaint, fontFamily: FONT, fontSize: size };
    const bars = [
      { name: words("wall.course.opened"), color: palette.courseAll, data: course.map((one) => one.opened) },
      { name: words("wall.course.within120"), color: palette.courseLater, data: course.map((one) => one.within120) },
      { name: words("wall.course.within30"), color: palette.courseSoon, data: course.map((one) => one.within30) },
    ];
    chart.current?.setOption(
      {
        animation: false,
        grid: { left: tv ? 52 : 36, right: 8, top: 10, bottom: tv ? 34 : 24 },
        tooltip: {
          trigger: "axis",
          axisPointer: { type: "shadow", shadowStyle: { color: palette.shade, opacity: 0.35 } },
          backgroundColor: palette.surface,
          borderColor: palette.lineStrong,
          textStyle: { color: palette.text, fontFamily: FONT, fontSize: size },
        },
        xAxis: {
          type: "category",
          data: course.map((one) => clockTime(one.at)),
          axisLine: { lineStyle: { color: palette.lineStrong } },
          axisTick: { show: false },
          axisLabel: label,
        },
        yAxis: {
          type: "value",
          minInterval: 1,
          axisLabel: label,
          splitLine: { lineStyle: { color: palette.line } },
        },
        // The three stand one in the other: who is answered in 30 s is answered in 120 s, and had begun.
        series: bars.map((bar) => ({
          type: "bar",
          name: bar.name,
          data: bar.data,
          barGap: "-100%",
          barCategoryGap: "28%",
          barMaxWidth: tv ? 72 : 44,
          itemStyle: { color: bar.color },
        })),
      },
      true,
    );
  }, [course, mode, tv, words]);

  return (
    <>
      <ul className={css.legend}>
        <li data-series="opened">{words("wall.course.opened")}</li>
        <li data-series="within120">{words("wall.course.within120")}</li>
        <li data-series="within30">{words("wall.course.within30")}</li>
      </ul>
      <div ref={box} className={css.chart} role="img" aria-label={words("wall.course")} />
    </>
  );
}
