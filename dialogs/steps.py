"""First steps: three questions of one tap each, and then one concrete thing to do next, from what there is."""

from __future__ import annotations

from collections.abc import Mapping

from dialogs.asking import resume, way
from dialogs.draft import Draft
from dialogs.events import when as when_of
from dialogs.happening import Happening
from dialogs.saying import Button, Message, Weight
from dialogs.tap import ArticleTap, CommandTap, StartTap, StepTap, WishTap
from dialogs.words import plain_label

QUESTIONS = ("who", "what", "when")
WAITING = "?step:"  # the question that was put last, with the answers before it
_READ: Mapping[str, str] = {  # what there is to read about it, where nothing is on
    "know": "collaboration-meaning",
    "join": "volunteer-before-start",
    "start": "group-start",
    "company": "company-contribution",
}
_TOPIC = {"know": "courses", "join": "volunteer", "start": "groups", "trouble": "centre"}


def begin(draft: Draft) -> None:
    """The first question."""
    _ask(draft, ())


def pressed(draft: Draft, answers: tuple[str, ...]) -> None:
    """So far answered; a button of another release, or a forged one, begins anew."""
    known = all(one in draft.words.keys(f"steps_{of}") for of, one in zip(QUESTIONS, answers, strict=False))
    if not known or len(answers) < len(QUESTIONS):
        _ask(draft, answers if known else ())
    else:
        _suggest(draft, *answers)


def typed(draft: Draft, plain: str, waiting: str | None) -> str | None:
    """The tap whose words were typed, while a question of these waits."""
    if waiting is None or not waiting.startswith(WAITING):
        return None
    answers = tuple(one for one in waiting.removeprefix(WAITING).split(":") if one)
    return next((one.tap for one in _options(draft, answers) if plain_label(one.label) == plain), None)


def _options(draft: Draft, answers: tuple[str, ...]) -> list[Button]:
    words, of = draft.words, QUESTIONS[min(len(answers), len(QUESTIONS) - 1)]
    codes = words.keys(f"steps_{of}")
    return [Button(words.say(f"steps_{of}.{one}"), str(StepTap((*answers, one)))) for one in codes]


def _ask(draft: Draft, answers: tuple[str, ...]) -> None:
    if draft.place is None:
        draft.keep(wants=WAITING + ":".join(answers))
    draft.say(f"steps.ask_{QUESTIONS[len(answers)]}", *_options(draft, answers), *_ways(draft))


def _ways(draft: Draft) -> tuple[Button, ...]:
    back = resume(draft.place, Weight.WAY) if draft.place else way(draft.words, "menu")
    return back, way(draft.words, "person")


def _suggest(draft: Draft, who: str, what: str, when: str) -> None:
    """One thing, and what to tap for it; what was said is kept only if the person says so."""
    words, topic = draft.words, _TOPIC[what]
    draft.messages.append(_concrete(draft, who, what, when))
    take = Button(words.say("steps.keep"), str(WishTap("take", f"{topic}-{who}")))
    draft.say("steps.ask_keep", take, *_ways(draft), topic=words.say(f"wish_topic.{topic}"))


def _concrete(draft: Draft, who: str, what: str, when: str) -> Message:
    words, shelves = draft.words, draft.around.shelves
    events, groups = shelves.get("events", ()), shelves.get("groups", ())
    if what == "trouble" or (what == "start" and when == "today"):
        if when == "today":
            return Message(words.say("steps.person"), (way(words, "person", Weight.MAIN),))
        start = Button(words.say("consultation.title"), str(StartTap("consultation")), Weight.MAIN)
        return Message(words.say("steps.consult"), (start,))
    if what == "join" and who == "group" and groups:
        return Message(words.say("steps.group", label=groups[0].label, detail=groups[0].detail))
    if what in ("join", "know") and who != "business" and when != "later" and events:
        more = Button(words.say("command.events"), str(CommandTap("events")), Weight.MAIN)
        first = events[0]
        moment = when_of(first, words) if isinstance(first, Happening) else first.detail
        return Message(words.say("steps.event", label=first.label, detail=moment), (more,))
    read = "company" if who == "business" else what
    return Message(
        words.say(f"steps.read_{read}"), (Button(words.say("steps.read"), str(ArticleTap(_READ[read])), Weight.MAIN),)
    )
