"""After a case: did it help, how is it two weeks and three months later, may others hear of it; one tap each."""

from __future__ import annotations

from dialogs.asking import way
from dialogs.deeds import Outcome
from dialogs.draft import Draft
from dialogs.saying import Button, Message, Weight
from dialogs.tap import OutcomeTap, Stage
from dialogs.words import Words

_ANSWERS = {Stage.CLOSE: "yn", Stage.WEEKS: "ypn", Stage.MONTHS: "ypn", Stage.PUBLIC: "yn"}
LATER = (Stage.WEEKS, Stage.MONTHS)  # a no then means that it is not over


def question(words: Words, stage: Stage, ref: str) -> Message:
    """What is asked about the case of this reference. Nobody has to answer; after weeks a person is one tap away."""
    kind = "later" if stage in LATER else stage.value
    answers = [
        Button(words.say(f"after.{kind}_{one}"), str(OutcomeTap(stage, ref, one)), Weight.OPTION)
        for one in _ANSWERS[stage]
    ]
    person = [way(words, "person")] if stage in LATER else []
    return Message(words.say(f"after.{stage.value}", ref=ref), (*answers, *person))


def answered(draft: Draft, tap: OutcomeTap) -> None:
    """Thanks; where it did not help, a person. What was being asked is asked again."""
    draft.do(Outcome(tap.stage, tap.ref, tap.answer))
    words = draft.words
    person = way(words, "person")
    ways = () if draft.place else (way(words, "menu"),)
    match tap.stage, tap.answer:
        case Stage.PUBLIC, _:
            draft.say("after.noted", *ways)
        case Stage.CLOSE, "n":
            draft.say("after.sorry", person, *ways)
        case ((Stage.WEEKS | Stage.MONTHS), "n"):
            draft.say("after.again", ref=tap.ref)
        case ((Stage.WEEKS | Stage.MONTHS), "p"):
            draft.say("after.going", person, *ways)
        case _:
            draft.say("after.thanks", *ways)
    if (tap.stage, tap.answer) == (Stage.MONTHS, "y"):
        draft.messages.append(question(words, Stage.PUBLIC, tap.ref))
    if draft.place:
        draft.ask()
