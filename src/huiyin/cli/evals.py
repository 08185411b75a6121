"""`huiyin eval`: hold what judges against known answers."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from huiyin.evals.pii.judging import BARS, Figures, Interval, Judgement, judge
from huiyin.evals.pii.reading import kinds_of, read_texts, seeded_texts
from huiyin.kernel.errors import InvalidError
from huiyin.kernel.wire import encode_text
from huiyin.security.detecting.finding import find_personal

app = typer.Typer(no_args_is_help=True, help="Measure against known answers.")

_LABELS = {
    "phone": "电话", "id_number": "身份证", "bank_card": "银行卡", "email": "邮箱", "plate": "车牌", "wechat": "微信",
    "qq": "QQ", "code": "验证码", "address": "地址", "name": "姓名",
}  # fmt: skip


@app.callback()
def evaluate() -> None:
    """Measure against known answers."""


@app.command()
def pii(
    data: Annotated[
        Path | None, typer.Option(help="JSON lines with text and spans; without it the seeded set.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of the seeded set's values.")] = 1,
    json_out: Annotated[bool, typer.Option("--json", help="End in one JSON object.")] = False,
    show: Annotated[int, typer.Option(help="Show so many of the misses, with their words.")] = 0,
) -> None:
    """Find personal data and compare; the seeded set decides, and the exit status tells whether every bar held."""
    if show < 0:
        raise InvalidError("--show counts misses", remedy="Give 0 or more.")
    texts = read_texts(data) if data else list(seeded_texts(seed))
    kinds = kinds_of(texts)
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        judged = judge(progress.track(texts, description="检测"), find_personal, kinds)
    missed = [] if data else [bar for each in judged.figures.values() for bar in each.misses_bar()]
    held = None if data else not missed
    if json_out:
        report = {
            "name": "pii",
            "texts": len(texts),
            "seed": seed,
            "figures": _flat(judged),
            "bars": BARS,
            "held": held,
        }
        print(encode_text(report))  # the command's output
    else:
        _show(judged, len(texts))
    for miss in judged.misses[:show]:
        what = "漏" if miss.what == "missed" else "误"
        console.print(f"{what} {_LABELS[miss.kind]} {miss.text[miss.start : miss.end]!r} ← {miss.text!r}", markup=False)
    for bar in missed:
        console.print(f"[red]未达标 / not held: {bar}[/]")
    if missed:
        raise typer.Exit(1)


def _flat(judged: Judgement) -> dict[str, float | int | None]:
    flat: dict[str, float | int | None] = {}
    for kind, one in judged.figures.items():
        for name, interval in (("precision", one.precision), ("recall", one.recall)):
            flat[f"{kind}_{name}"] = _rounded(interval.share)
            flat[f"{kind}_{name}_low"] = _rounded(interval.low)
            flat[f"{kind}_{name}_high"] = _rounded(interval.high)
        flat[f"{kind}_f1"] = _rounded(one.f1)
        flat[f"{kind}_exact_f1"] = _rounded(one.exact_f1)
        flat[f"{kind}_answers"] = one.answers
        flat[f"{kind}_finds"] = one.finds
    return flat


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 4)


def _show(judged: Judgement, texts: int) -> None:
    table = Table("类型", "标注", "检出", "准确率 (95%)", "召回率 (95%)", "F1", "边界全对 F1", title=f"{texts} 条文本")
    for kind, one in judged.figures.items():
        table.add_row(
            _LABELS[kind], str(one.answers), str(one.finds), _told(one.precision), _told(one.recall), *_f1s(one)
        )
    Console().print(table)


def _told(interval: Interval) -> str:
    return "–" if interval.share is None else f"{interval.share:.4f} ({interval.low:.3f}–{interval.high:.3f})"


def _f1s(one: Figures) -> tuple[str, str]:
    return tuple("–" if each is None else f"{each:.4f}" for each in (one.f1, one.exact_f1))  # type: ignore[return-value]  # two of them
