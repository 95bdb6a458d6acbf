"""One person on several channels: a code is asked for here, typed there, agreed to, and undone as easily."""

from __future__ import annotations

from dialogs.around import Code
from dialogs.asking import way
from dialogs.deeds import CodeWanted, JoinDeclined, JoinWanted, PartWanted
from dialogs.draft import Draft
from dialogs.saying import Button, Weight
from dialogs.talking import ask_consent, consented, go_on, hello
from dialogs.tap import CommandTap

JOIN = "join"  # what waits for consent: the yes-or-no about joining
_REFUSED = {Code.OWN: "join.own", Code.WRONG: "join.wrong", Code.TOO_MANY: "join.many"}


def linked(draft: Draft) -> None:
    """Something else linked the person's account; here channels are joined by a code, and how is said."""
    draft.say("join.linked", *buttons(draft), way(draft.words, "person"), join=draft.words.say("command.join"))
    go_on(draft)


def want_code(draft: Draft) -> None:
    """A code for another channel, said by whoever can draw one. Only who agreed has anything that could be shared."""
    if consented(draft):
        draft.do(CodeWanted())
    else:
        draft.say("consent.needed")
        ask_consent(draft)


def heard_code(draft: Draft) -> bool:
    """A code was typed. False where it opens nothing and the words may well be an answer of the running form."""
    code = draft.around.code
    if code is None or (draft.place is not None and code is Code.WRONG):
        return False
    met = draft.session.met
    if not met:
        hello(draft)
    if code is not Code.FITS:
        draft.say(_REFUSED[code], way(draft.words, "menu"), way(draft.words, "person"))
    elif consented(draft):
        ask_sure(draft)
    else:
        draft.keep(wants=JOIN)
        if met:
            draft.say("consent.needed")
    if not consented(draft):
        ask_consent(draft)
    return True


def ask_sure(draft: Draft) -> None:
    """What joining means, said before it happens, and to whoever was handed a code by somebody else above all."""
    draft.keep(wants="?join")
    draft.say(
        "join.ask",
        Button(draft.words.say("join.yes"), str(CommandTap("join_sure")), Weight.MAIN),
        Button(draft.words.say("join.no"), str(CommandTap("join_not"))),
        way(draft.words, "person"),
    )


def join(draft: Draft) -> None:
    """Agreed; what came of it is said by whoever carries it out. A button outlives the consent it was shown under."""
    if consented(draft):
        draft.do(JoinWanted())
    else:
        draft.keep(wants=JOIN)
        draft.say("consent.needed")
        ask_consent(draft)


def join_not(draft: Draft) -> None:
    """Nothing is joined; the code is spent all the same."""
    draft.do(JoinDeclined())
    draft.say("join.declined")
    go_on(draft)


def ask_part(draft: Draft) -> None:
    """Apart again: asked once, with what stays where."""
    if not draft.around.joined:
        draft.say("part.none", way(draft.words, "menu"))
        return
    draft.keep(wants="?part")
    yes = Button(draft.words.say("part.yes"), str(CommandTap("part_sure")), Weight.MAIN)
    draft.say("part.ask", yes, way(draft.words, "menu"), way(draft.words, "person"))


def part(draft: Draft) -> None:
    """Apart; said by whoever carries it out."""
    if draft.around.joined:
        draft.do(PartWanted())
    else:
        draft.say("part.none", way(draft.words, "menu"))


def buttons(draft: Draft) -> tuple[Button, ...]:
    """The ways to join and, once joined, to part, where settings are talked about."""
    names = ("join", "part") if draft.around.joined else ("join",)
    return tuple(way(draft.words, name, Weight.OPTION) for name in names)
