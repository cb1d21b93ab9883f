"""Everything that a run of the kernel knows: one record, and the rows whose addresses it holds.

Every function of the kernel has the world `w` first. The rows say what the reference engine's objects say (see
reference/record.py and workers.py for what each field means); numbers take the place of references: i an item, t a
task, k a worker, s a stage, p a pool. All fields are int64, but those named in _FLOATS. NONE stands for what is not
there, NULL for a time or number that is not recorded; a name that ends in _at is an address.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..tally.columns import ITEM_WIDTH, TASK_WIDTH
from .memory import ARRAY, VECTOR, flat

NEVER = 1 << 62
"""A moment after every horizon."""

_FLOATS = {
    *("difficulty", "tenure", "x", "speed_luck", "skill_luck", "gained", "pace", "skill", "deviation", "route_error"),
    *("mean_ms", "threshold", "gold_share", "gold_ban", "retrain_gain", "anchoring", "accept_time", "fix_time"),
    *("time_factor", "spread", "speed", "speed_sd", "skill_mean", "skill_sd", "wrong", "right", "slower", "tiring"),
    *("wrong_sd", "right_sd", "finds", "alarms"),
    *("gain", "to_gain", "share", "skip", "catch", "mend", "hard", "harder", "hard_spread", "walk", "spammers"),
    *("walked", "spam_luck", "distance"),
}


def _dtype(*texts: str) -> np.dtype[Any]:
    """A record of the fields that the texts name."""
    names = [name for text in texts for name in text.split()]
    return np.dtype([(name, np.float64 if name in _FLOATS else np.int64) for name in names])


# What the plan says; see sim/plan. Times are in whole ticks of milliseconds.

SEGMENT = _dtype(
    "priority sensitive time_factor spread hard harder hard_spread",
    "shares_at effects_at choices_at choices odds_at shapes_at",  # by class; odds and shapes: [class, label]
)

POOL = _dtype(
    "people crowd patience speed speed_sd pace skill_mean skill_sd wrong right wrong_sd right_sd",
    "slower tiring gain walk spammers same",
    "discipline preempts pick cleared delays_at",  # delays: by the pool that did an item's last task, 0 for none at all
    "effects_at segment_effects_at segment_times_at masters_at fair_at",
    "time_factors_at time_factors practice_at practice",
)

STAGE = _dtype(
    "key kind machine route route_error mean_ms time_at spreads_at",  # spreads: of predicted difficulty, by segment
    "pools_at pools shares_at",
    "labels rule lead most threshold to_author rounds fractions_at",
    "steps step_tasks_at step_shares_at",  # fractions by tenure
    "class_fractions_at lifts_at distance",  # by label, by true class
    "handoff_at gather_size gather_wait batch_size setup together",
    "lot_size lot_wait lot_samples_at lot_accepts_at lot_tighter switches reduces screened",  # samples: by severity
    "gold_share gold_ban gold_after retrain retrain_gain retrain_half",
    "skill effects_at anchoring accept_time fix_time found_at mistaken_at",
    "skip skip_at skip_most answer_at hours_at hours there_at back_at",  # hours: as of WORKER's spans
    "check_at catch mend",
    "escalate escalate_to rotate rotate_people lock shift_end wip servers",
    "held_at held leads_at",  # leads: by stage, whether it leads there
)

WAY = _dtype("ways to_at chances_at")
"""Where an outcome leads: [stage, outcome]."""

SERVED = _dtype("stage group queue")
"""A queue that a pool serves."""

STAND = _dtype("at segment_at pool_at stage_at way_at")
"""An epoch."""

RELABEL = _dtype("at stage since segment share")

OPENED = _dtype("item stage round replica enqueued pool worker started remaining active given_at given")
"""A task of the initial state; given: its labels so far."""

GIVEN = _dtype("worker label")

ARRIVAL = _dtype("arrived segment key nature truth difficulty objects original sampled due")

PERSON = _dtype("pool number slot key shift leaves finishes experience mentored speed speed_sd skill skill_sd")

SESSION = _dtype("at person key tasks least")

SPANS = _dtype("spans_at spans")
"""A shift set: starts, ends and the open milliseconds before, each so long."""

# What comes and goes.

ITEM = _dtype(
    "number alive settled open tasks arrived segment key nature truth difficulty objects original due gold",
    "round base pending entry issues label suggestion lot asked synced delivered dropped dropped_as voted lot_row",
    "sent_back refused_lot refused_at rollbacks skips last",  # last: the pool of whoever did its last task
    "votes voters labellers authors judges skippers been patient",  # chains of cells; voters: how many votes
)
"""skips: how many skippers it has.  settled: delivered or dropped.  tasks: all of its tasks, a chain; open: how many of
them are not over. When none of a settled item is open, it retires: its rows are written, and its place is free (see
retiring.py)."""

TASK = _dtype(
    "item stage round replica visit luck entry number order begun",
    "enqueued ready consensus handoff started finished active left tenure batch",
    "pool first_pool wanted worker label suggestion outcome tier rollbacks",
    "level urgency more nodes",  # its rank for the first pool; further pools; its places in queues
    "taken setup over tested counted void closed charged leaves skips check caught",
    "twin next sibling",  # twin: the next of a ring; next: in a hand, before a machine; sibling: of the item's
    "absent paid",  # of a stream: milliseconds that it waited with nobody there; its number among the paid labels
)

CELL = _dtype("next a b c x")
"""Of a chain: a vote (a: replica, b: worker, c: label, x: tenure, -1 for none), a worker (a), a judge (a: worker,
b: stage), a stage that the item came to (a: stage, b: how often), a task (a), a further pool (a: pool, b: urgency)."""

WORKER = _dtype(
    "pool number slot key shift leaves finishing mentored speed_luck skill_luck gained pace skill deviation",
    "finds alarms spam_luck spams walk_day walked",
    "task hand held done_head done_tail idle_since seen accepted gold_seen gold_right golds allowance gone",
    "listed returning own begun cut next_of_shift next_of_pool to_gain to_fade training there done first",
    "gained_at fades",
)
"""hand: the first task in it, held: how many.  idle_since: NONE while on a task.  own: the queue of what waits for them
alone.  begun: when their session did, NONE outside one.  cut: when they were sent home.  done_head, done_tail: results
that go on together, a chain of tasks.  Of a stream: there: counted among those of the pool who are; done: tasks that
they finished; first: when they started on their first label."""

SHIFT = _dtype("open_since open_until spans_at spans next open first last")
"""A shift set. next: the span that comes; first, last: its workers, a chain.  spans: NONE for sessions."""

QUEUE = _dtype(
    "pool place head tail marked level urgency order",
    *(f"top{level} end{level}" for level in range(1, 5)),
)
"""Tasks by rank. pool: whose people look at it, NONE for a worker's own; place: among what the pool serves.  marked:
whether somebody has looked past tasks; level, urgency, order: how far at most.  top, end: first and last tower of each
level."""

NODE = _dtype("task sibling queue prev next up level urgency order backlog")
"""backlog: NONE, or that of which this is the last that is made."""

BACKLOG = _dtype(
    "queue stage pool level urgency labels came listed",
    "rows_at first next end begin order past serial",
)
"""Items that came in one moment and wait in one queue, one behind the other; they are made as somebody comes to look at
them, see backlogs.py. labels: tasks of each.  came: when.  listed: whether they are still to be given out in that tick.
rows_at: of their arrivals, from number `first` on.  next, end: number of the next item that is not made, and behind the
last.  begin, past: orders of the first task, and behind the last; order, serial: of the next task."""

TOWER = _dtype("node down prev next up")

MARK = _dtype("set level urgency order")
"""Up to here a worker may take nothing of a queue."""

EVENT = _dtype("tick rank a b")

NUMBER = _dtype("value")

IDLE = _dtype("since worker")

FRAME = _dtype("what a b c")
"""A step of the flow that is still to be taken; see flow.py."""

SPELL = _dtype("worker start end")

GROUP = _dtype("head tail size serial")
"""Tasks that gather, or a lot that fills: a chain of cells."""

LOT = _dtype("head open faulty number place severity spell again")
"""spell: switches before it was closed, NONE where its verdict is not to count for one."""

STANDING = _dtype("severity clear score refused spell")
"""How severely lots of a stage and a segment are inspected, see switching.py; spell: switches so far."""

POOL_STATE = _dtype(
    "first last waiting people_at session_at sessions next_session serves served clock",
    "there since before paid count",
)
"""first, last: its workers, a chain.  people_at: worker of each person of a crowd.  serves: its first row of SERVED.
clock: see reference/sharing.py.
Of a stream: there: how many are, since when somebody is, and milliseconds in which somebody was before; paid:
labels of its account in the last count."""

ACCOUNT = _dtype("charged waiting")
"""Of a pool and a segment: what it has been charged, and how many of its tasks wait; see sharing.py."""

STAGE_STATE = _dtype("load running closed busy head tail queued changed most")
"""closed: a limit has held somebody back.  busy: batches of a machine; head, tail: what waits for it.  Of a stream:
queued: tasks that are ready and not started, when that last changed, and the most there were at the end of a tick."""

SPAN = _dtype("start end before")
"""When somebody of a pool was there; before: how long in all before that."""

WINDOW = _dtype("segment items delivered at")
"""A number of items, of a segment or of all, that is waited for. at: when so many were delivered, NULL before."""

ITEM_ROW = _dtype(
    "item segment arrived_at due_at delivered_at final_label truth gold duplicate_of lot objects dropped_at dropped_as",
    "refused_lot refused_at",
)
TASK_ROW = _dtype(
    "item stage round replica pool worker enqueued_at ready_at consensus_ms handoff_ms started_at finished_at",
    "active_ms batch suggestion label outcome tier rollbacks check_ms caught",
)
"""Rows of the log, which are kept column by column."""

ITEMS, TASKS, CELLS, WORKERS, SHIFTS, QUEUES, NODES, TOWERS, LOTS, BACKLOGS, ITEM_ROWS, TASK_ROWS = range(12)
VECTORS = (ITEM, TASK, CELL, WORKER, SHIFT, QUEUE, NODE, TOWER, LOT, BACKLOG, ITEM_ROW, TASK_ROW)
"""Rows that stay where they are."""

ITEM_CHUNK = np.dtype((np.void, 8 * ITEM_WIDTH))
TASK_CHUNK = np.dtype((np.void, 8 * TASK_WIDTH))
"""Rows for the fold of a stream, see sim/tally/columns.py."""

HEAP, FREED, READY, URGENT, OUTSIDE, FRAMES, SAT, RETRAINED, OVER = range(9)
SCRATCH, BUFFER, TURN_OUT, BY_NUMBER, MARKS, PRACTICE, RETIRING = range(9, 16)
ITEMS_OVER, TASKS_OVER, TIED, IDLE_HEAPS = range(16, 20)
ARRAYS = (
    *(EVENT, NUMBER, NUMBER, NUMBER, NUMBER, FRAME, SPELL, SPELL, SPELL),
    *(EVENT, EVENT, EVENT, NUMBER, MARK, NUMBER, NUMBER),
    *(ITEM_CHUNK, TASK_CHUNK, NUMBER),
)
"""Rows in one piece. SAT: sessions that are over.  OVER: tasks that were done past a shift.  TURN_OUT: what became
became ready, by rank.  RETIRING: items that may.  ITEMS_OVER, TASKS_OVER: rows for the fold.  TIED: labels whose place
in the order of finish is to be found.  From IDLE_HEAPS on: the idle workers of each pool, then the SPANs of each."""

WORLD = _dtype(
    "stream tick horizon now asked stop stand",
    "segments pools stages stands classes first wip loops apart fair picky limits preempts machines",
    "segment_at pool_at stage_at way_at served_at queue_of_at queue_count turns_at turns stands_at spans_at shift_sets",
    "relabel_at relabels opened_at opened arrival_at arrivals under_way person_at persons",
    "normal_at gammas_at gammas midnight today",
    "left coming inside next_outside timers orders batches lots task_serials item_serials groups marks",
    "pool_state_at stage_state_at sharing_at gather_at filling_at standing_at bars_at choice_at vectors_at arrays_at",
    "phase rest ended first_arrival more wants",
    "streams objects stretch stretches edges_at busy_at activities activity_at terms_at tiers account_at count_at",
    "weeks spent_at many_at load_people load_weeks load_at",
    "windows windows_at",
    "items tasks cells workers shifts queues nodes towers lot_rows backlogs",
)
"""stand: the epoch that holds; segment_at, pool_at, stage_at, way_at: its rows.  turns_at: lengths of turns.
fair: whether a pool ever shares by weight; sharing_at: by pool and segment.
gather_at, filling_at, standing_at, bars_at: by stage and segment.
choice_at: room for a number of each pool.  marks: rows of MARKS of each worker.  left, coming: as in
reference/state.py.  phase: of the run, see engine.py; rest: the first item whose rows are still to be written.
first_arrival: number of the first that is known; more: whether others follow, wants: now.
streams: whether rows go to the fold; objects: whether they tell an item's.  stretch: of the ledger's time, that of now;
edges_at: where each begins; busy_at: milliseconds [pool, stretch, activity, segment]; activity_at: [stage, again,
question]; terms_at: [pool, stretch], see accounts.py; tiers: whether a price hangs on a label's number;
account_at: [pool], count_at: [pool, stretch], see stream.py; spent_at, many_at: [pool, week]; load_at: [worker, week],
of the first load_people.
The last line: where the rows of VECTORS stand."""

segment = flat(SEGMENT, WORLD, "segment_at", fixed=False)
pool = flat(POOL, WORLD, "pool_at", fixed=False)
stage = flat(STAGE, WORLD, "stage_at", fixed=False)
way = flat(WAY, WORLD, "way_at", fixed=False)
served = flat(SERVED, WORLD, "served_at")
stand = flat(STAND, WORLD, "stands_at")
spans = flat(SPANS, WORLD, "spans_at")
relabel = flat(RELABEL, WORLD, "relabel_at")
opened = flat(OPENED, WORLD, "opened_at")
arrival = flat(ARRIVAL, WORLD, "arrival_at")
person = flat(PERSON, WORLD, "person_at")
of_pool = flat(POOL_STATE, WORLD, "pool_state_at")
of_stage = flat(STAGE_STATE, WORLD, "stage_state_at")
account = flat(ACCOUNT, WORLD, "sharing_at")
window = flat(WINDOW, WORLD, "windows_at")
gather = flat(GROUP, WORLD, "gather_at")
filling = flat(GROUP, WORLD, "filling_at")
standing = flat(STANDING, WORLD, "standing_at")
vector = flat(VECTOR, WORLD, "vectors_at")
array = flat(ARRAY, WORLD, "arrays_at")
item = flat(ITEM, WORLD, "items")
task = flat(TASK, WORLD, "tasks")
cell = flat(CELL, WORLD, "cells")
worker = flat(WORKER, WORLD, "workers")
shift = flat(SHIFT, WORLD, "shifts")
queue = flat(QUEUE, WORLD, "queues")
node = flat(NODE, WORLD, "nodes")
tower = flat(TOWER, WORLD, "towers")
lot = flat(LOT, WORLD, "lot_rows")
backlog = flat(BACKLOG, WORLD, "backlogs")
