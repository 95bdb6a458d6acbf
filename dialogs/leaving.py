"""The ways out of a form: sent, stopped after asking, or begun afresh."""

from __future__ import annotations

from dialogs import running
from dialogs.asking import resume, sure, way
from dialogs.deeds import Completed, Filed
from dialogs.draft import Draft
from dialogs.flow import Mode
from dialogs.reaching import promise
from dialogs.wishing import offer


def ask_cancel(draft: Draft) -> None:
    """A half-filled form is not thrown away by one wrong tap."""
    draft.keep(wants="?cancel")
    draft.say("cancel.ask", sure(draft.here), resume(draft.here), way(draft.words, "person"))


def cancel(draft: Draft) -> None:
    """Stop; what was written is forgotten."""
    running.finish(draft, sent=False)
    draft.say("cancel.done", way(draft.words, "menu"), way(draft.words, "person"))


def afresh(draft: Draft) -> None:
    """The same form once more from its first question; what was written is forgotten."""
    flow = draft.here.flow
    running.finish(draft, sent=False)
    running.start(draft, flow)


def send(draft: Draft) -> None:
    """Send what was checked; with a question still open, or a wish for a time that has passed, ask that first."""
    if running.let_go(draft) or draft.here.question is not None:
        draft.ask()
        return
    place = draft.here
    flow, answers, ref = place.flow, place.walk.answers, draft.around.ref
    if not flow.opens_case:
        draft.do(Completed(flow.name, place.walk.record()))
        running.finish(draft, sent=True)
        return
    draft.do(
        Filed(
            ref=ref,
            flow=flow.name,
            revision=flow.revision,
            topics=flow.topics(answers),
            urgency=flow.urgency_of(answers),
            mode=flow.mode(answers, draft.house.free),
            rows=place.rows(),
            record=place.walk.record(),
        )
    )
    running.finish(draft, sent=True)
    draft.say(f"{flow.name}.sent", ref=ref)
    promise(draft)
    openly = flow.mode(answers, draft.house.free) is Mode.OPEN
    if openly and flow.urgency_of(answers) != "today":  # nobody in trouble is asked for such
        offer(draft, "events")
