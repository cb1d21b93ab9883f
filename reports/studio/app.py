"""The page: what is open, levers, the answer as it grows, the line as a picture. The framework runs `main` anew at each
look.

What a plan is, what its levers are and what comes of them is worked out elsewhere; here it is put on the page.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import streamlit as st

from ...sim.errors import Refused
from ...sim.line import Line, digest
from .. import palette
from . import files, told
from .flow import Volumes, alt, flow, volumes
from .frontier import frontier_svg
from .holding import Side, held
from .levers import GROUPS, Lever
from .plan import Base, Link, Past, kept, link_of, move
from .quick import ENOUGH, Answer, Quick
from .seeking import BUDGET, MOST, Seeking, rows, seek, varying
from .serve import FILE
from .shelf import Shelf
from .uploads import LIMITS

VIEWS = ("Plan", "Compare", "Search")

NARROW, WIDE = 340, 760

AS_IT_STANDS, KEPT = "this scenario as it stands", "the plan that was kept"

SEARCH_WORDS = (
    "Plans of least cost and earliest finish that keep the scenario's goals. It runs in the background, with "
    f"{BUDGET} replications; the last of them certify plans, on luck that no choice has seen."
)


@dataclass
class Shop:
    """What all pages of a server share."""

    shelf: Shelf
    quick: Quick = field(default_factory=Quick)
    volumes: dict[str, Volumes] = field(default_factory=dict)

    def volumes_of(self, line: Line) -> Volumes:
        """How much goes where, worked out once for a plan."""
        name = digest(line)
        if name not in self.volumes:
            if len(self.volumes) > 200:
                self.volumes.clear()
            with self.quick.turn:
                self.volumes[name] = volumes(line)
        return self.volumes[name]


@st.cache_resource(show_spinner=False)
def shop() -> Shop:
    """The server's one shop."""
    own = os.environ.get(FILE)
    return Shop(Shelf(None if own is None else Path(own)))


def main() -> None:
    """The whole page."""
    st.set_page_config(page_title="labelcast studio", layout="wide", initial_sidebar_state="collapsed")
    _style()
    state = st.session_state
    if "plan" not in state:
        _begin(state)
    st.title("labelcast studio", anchor=False)
    top = st.empty()
    _open(state)
    names = shop().shelf.names
    if state["plan"] not in names:
        state["plan"] = shop().shelf.first
    which, what = st.columns([3, 2], gap="small")
    which.selectbox("Scenario", list(names), key="plan", format_func=lambda one: names.get(one, one), on_change=_opened)
    try:
        base = shop().shelf.base(state["plan"])
    except Refused as refused:
        st.html(told.problems_html("This scenario cannot be simulated", _words(refused)))
        return
    if state.get("linked"):
        _linked(state, base)
    if state.get("notice"):
        top.html(told.problems_html(*state.pop("notice")))
    view = what.radio("What to do", VIEWS, key="view", horizontal=True)
    _link(state)
    {"Plan": _plan, "Compare": _compare, "Search": _search}[view](state, base)


def _begin(state: Any) -> None:
    """What a page begins with: the plan of its address, or the first one."""
    link = link_of("&".join(f"{name}={value}" for name, value in _asked()))
    state["plan"], state["past"], state["seen"] = shop().shelf.first, Past(), None
    if link is None:
        return
    if link.plan in shop().shelf.names:
        state["plan"], state["linked"] = link.plan, link
    else:
        gone = f"{link.plan[:80]}: no such plan here. What was dropped into another studio must be dropped in again."
        state["notice"] = ("The link's plan is not here", [gone])


def _asked() -> list[tuple[str, str]]:
    from urllib.parse import quote_plus

    return [(quote_plus(name), quote_plus(value)) for name, value in st.query_params.items()]


def _linked(state: Any, base: Base) -> None:
    """Takes the moves of the page's address."""
    link: Link = state.pop("linked")
    moves, otherwise = kept(base, link.moves)
    otherwise = [*link.unread, *otherwise]
    state["past"] = Past(tuple(moves.items()))
    if link.against in shop().shelf.names:
        state["view"] = "Compare"
        if link.against_moves:
            state["kept"], state["against"] = (link.against, dict(link.against_moves)), KEPT
        else:
            state["against"] = AS_IT_STANDS if link.against == link.plan else link.against
    if otherwise:
        state["notice"] = ("Some of the link is not taken as it says", [one[:120] for one in otherwise[:10]])


def _link(state: Any) -> None:
    """Puts what is seen into the page's address."""
    against, moves = _against(state) if state.get("view") == "Compare" else ("", {})
    told_by = Link(state["plan"], state["past"].moves, against, moves).pairs()
    if st.query_params.to_dict() != told_by:
        st.query_params.from_dict(told_by)


def _open(state: Any) -> None:
    """Where a scenario or an export is dropped in."""
    with st.expander("Open a scenario file, or an export of a labelling platform"):
        upload = st.file_uploader("Scenario or export", key="upload")
        st.html(f'<p class="note">{LIMITS.replace("`", "")}</p>')
        if upload is None or upload.file_id == state.get("seen"):
            return
        state["seen"] = upload.file_id
        try:
            with st.spinner("Reading"):
                name = shop().shelf.drop(upload.getvalue(), upload.name)
        except Refused as refused:
            st.html(told.problems_html("This file is not taken", _words(refused)))
            return
        state["plan"], state["past"] = name, Past()


def _opened() -> None:
    """Another scenario was chosen: nothing is moved in it."""
    st.session_state["past"] = Past()


def _plan(state: Any, base: Base) -> None:
    """Levers beside the answer, which comes last, so that all else stands already."""
    left, right = st.columns([3, 2], gap="large")
    with left:
        st.subheader("What comes of it", anchor=False)
        answer = st.empty()
        picture = st.empty()
    with right:
        _levers(state, base)
    with left:
        downloads = st.container()
    line = _line(state, base)
    if isinstance(line, list):
        answer.html(told.problems_html("This plan cannot be simulated", line))
        return
    with downloads:
        files.downloads(shop().quick, base, state["past"].moves, line)
    moves = state["past"].moves
    for one in shop().quick.answers(line):
        answer.html(told.answer_html(one, moves))
        picture.html(_picture(one))


def _line(state: Any, base: Base) -> Line | list[str]:
    """The line with levers moved, or why there is none."""
    try:
        return base.moved(state["past"].moves)
    except Refused as refused:
        return _words(refused)


def _against(state: Any) -> tuple[str, dict[str, float]]:
    """The plan that the one on the page is held against."""
    said = state.get("against", AS_IT_STANDS)
    if said == KEPT and state.get("kept"):
        plan, moves = state["kept"]
        return plan, moves
    if said in shop().shelf.names:
        return said, {}
    return state["plan"], {}


def _keep(state: Any) -> None:
    """Keeps the plan as it is now."""
    state["kept"], state["against"] = (state["plan"], state["past"].moves), KEPT


def _compare(state: Any, base: Base) -> None:
    """The plan on the page against another."""
    left, right = st.columns([3, 2], gap="large")
    others = [
        AS_IT_STANDS,
        *([KEPT] if state.get("kept") else []),
        *(one for one in shop().shelf.names if one != state["plan"]),
    ]
    with left:
        st.subheader("Side by side", anchor=False)
        if state.get("against") not in others:
            state["against"] = others[0]
        st.selectbox("Held against", others, key="against", format_func=lambda one: shop().shelf.names.get(one, one))
        table = st.empty()
    with right:
        _levers(state, base)
    _link(state)
    plan, moves = _against(state)
    try:
        other = shop().shelf.base(plan)
        first, second = Side(other, kept(other, moves)[0]), Side(base, state["past"].moves)
        for replications in (5, ENOUGH):
            found = held(shop().quick, first, second, replications)
            table.html(told.comparison_html(found.answers, found.found, found.names))
    except Refused as refused:
        table.html(told.problems_html("These plans cannot be compared", _words(refused)))


def _search(state: Any, base: Base) -> None:
    """A search over some levers, and its frontier while it grows."""
    st.subheader("Search", anchor=False)
    st.html(f'<p class="note">{SEARCH_WORDS}</p>')
    may = {one.name: one for one in varying(base)}
    chosen = st.multiselect(
        "Levers that vary", list(may), default=list(may)[:2], max_selections=MOST, key=f"vary {state['plan']}",
        format_func=lambda one: may[one].label,
    )  # fmt: skip
    seeking: Seeking | None = state.get("seeking")
    running = seeking is not None and not seeking.over
    one, two, _ = st.columns([1, 1, 2])
    if one.button("Start", disabled=running or not chosen, width="stretch", key="start"):
        try:
            folder = shop().shelf.place()
            state["seeking"] = seek(base, state["past"].moves, [may[name] for name in chosen], folder)
            state["sought"] = state["plan"]
            state["seeking"].start()
        except Refused as refused:
            st.html(told.problems_html("This cannot be searched", _words(refused)))
            return
        st.rerun()
    if two.button("Stop", disabled=not running, width="stretch", key="stop") and seeking is not None:
        seeking.stop()
    if seeking is None or state.get("sought") != state["plan"]:
        st.html('<section id="search"><p class="note">Nothing was searched yet.</p></section>')
    else:
        _grow(base)


@st.fragment(run_every=1.0)
def _grow(base: Base) -> None:
    """The frontier as it is now; looked at every second."""
    state = st.session_state
    seeking: Seeking = state["seeking"]
    st.html(told.search_html(seeking, base, frontier_svg(seeking, base.line.currency, _colours())))
    if seeking.over and state.get("told over") != id(seeking):
        state["told over"] = id(seeking)
        st.rerun()
    best = seeking.frontier
    if best:
        told_of = {seeking.plans[at]: row[:-1] for at, row in zip(best, rows(seeking, base), strict=False)}
        plan = st.selectbox(
            "Plan of the frontier", list(told_of), format_func=lambda one: " | ".join(told_of.get(one, ())), key="best"
        )
        if st.button("Move the levers there", on_click=_take, args=(plan, base)):
            st.rerun()  # the whole page, not the part that is looked at every second


def _take(plan: tuple[int, ...], base: Base) -> None:
    """Moves the levers to a plan that was found."""
    state = st.session_state
    moves = state["past"].moves
    seeking: Seeking = state["seeking"]
    for name, value in seeking.moves(seeking.plans.index(plan), base).items():
        moves = move(base, moves, name, value)
    state["past"], state["view"] = state["past"].then(moves), "Plan"


def _picture(answer: Answer) -> str:
    found = shop().volumes_of(answer.line)
    wide, narrow = (flow(answer, found, width, _colours()) for width in (WIDE, NARROW))
    return told.picture_html("flow", alt(answer, found), wide, narrow)


def _levers(state: Any, base: Base) -> None:
    """The levers in groups, with undo and redo."""
    st.subheader("Levers", anchor=False)
    past: Past = state["past"]
    back, on, reset = st.columns(3)
    back.button("Undo", disabled=not past.before, on_click=_go, args=("undone",), width="stretch")
    on.button("Redo", disabled=not past.behind, on_click=_go, args=("redone",), width="stretch")
    reset.button("Reset", disabled=not past.now, on_click=_reset, width="stretch")
    st.button("Keep this plan to compare with", on_click=_keep, args=(state,), width="stretch")
    for group in GROUPS:
        own = [one for one in base.known if one.group == group]
        if own:
            st.markdown(f"**{group}**")
        for lever in own:
            _lever(state, lever, past.moves)


def _lever(state: Any, lever: Lever, moves: dict[str, float]) -> None:
    key = f"lever {state['plan']} {lever.name}"
    whole = float(lever.step).is_integer() and float(lever.now).is_integer()
    value = moves.get(lever.name, lever.now)
    state[key] = int(value) if whole else float(value)
    kind = int if whole else float
    shown = lever.label if lever.unit in ("", "%", "items") else f"{lever.label}, {lever.unit.removeprefix('/')}"
    number = "%d" if whole else f"%.{_places(lever.step)}f"
    st.slider(
        told.label(shown),
        min_value=kind(lever.low), max_value=kind(max(lever.high, lever.now)), step=kind(lever.step), key=key,
        on_change=_moved, args=(lever.name, key), format=f"{number}%%" if lever.unit == "%" else number,
    )  # fmt: skip


def _places(step: float) -> int:
    return max(0, len(f"{step:.6f}".rstrip("0").partition(".")[2]))


def _moved(name: str, key: str) -> None:
    """A lever was moved."""
    state = st.session_state
    base = shop().shelf.base(state["plan"])
    state["past"] = state["past"].then(move(base, state["past"].moves, name, float(state[key])))


def _go(where: str) -> None:
    state = st.session_state
    state["past"] = getattr(state["past"], where)()


def _reset() -> None:
    state = st.session_state
    state["past"] = state["past"].then({})


def _words(refused: Refused) -> list[str]:
    return shop().shelf.told(refused.problems)


def _style() -> None:
    """The house's colours, and the layout of what is ours."""
    css = (Path(__file__).parent / "studio.css").read_text(encoding="utf-8")
    st.html(f"<style>{_colours()}\n{css}</style>")


def _colours() -> str:
    """CSS with the house's colours, light or dark as the page is."""
    theme = st.context.theme.type
    light, dark = palette.declarations(palette.LIGHT), palette.declarations(palette.DARK)
    if theme in ("light", "dark"):
        return f":root {{ {dark if theme == 'dark' else light} }}"
    return f":root {{ {light} }} @media (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}"
