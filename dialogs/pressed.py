"""A button was tapped, or its words were typed: what it stands for, wherever and however old it is."""

from __future__ import annotations

from typing import assert_never

from dialogs import (
    after,
    answering,
    commands,
    events,
    grants,
    greeting,
    leaving,
    meeting,
    running,
    steps,
    talking,
    ticking,
    wishing,
)
from dialogs.asking import change_page
from dialogs.draft import Draft
from dialogs.tap import (
    Act,
    AppointmentTap,
    ArticleTap,
    CommandTap,
    Dated,
    DetailsTap,
    EventTap,
    FlowTap,
    GrantTap,
    LanguageTap,
    OutcomeTap,
    StartTap,
    StepTap,
    VerdictTap,
    WishTap,
    read,
)


def press(draft: Draft, raw: str) -> None:
    """Any button: ours, an old one of ours, or a forged one."""
    tapped = read(raw)
    match tapped:
        case FlowTap():
            if draft.place and tapped.run == draft.session.run:
                _in_flow(draft, tapped)
            else:
                talking.old_button(draft, tapped.run)
        case StartTap(flow) if flow in draft.house.flows:
            greeting.want_start(draft, draft.house.flows[flow])
        case CommandTap(name):
            commands.obey(draft, name)
        case LanguageTap(language):
            greeting.speak(draft, language)
        case ArticleTap() | DetailsTap():
            answering.chosen(draft, tapped)
        case VerdictTap() | OutcomeTap() | AppointmentTap() | EventTap() | GrantTap() | WishTap() | StepTap():
            _besides(draft, tapped)
        case StartTap() | None:
            draft.say("old.unknown")
            talking.go_on(draft)
        case _:
            assert_never(tapped)


def _besides(draft: Draft, tapped: VerdictTap | OutcomeTap | Dated | WishTap | StepTap) -> None:
    match tapped:
        case VerdictTap():
            answering.judge(draft, tapped)
        case OutcomeTap():
            after.answered(draft, tapped)
        case WishTap():
            wishing.pressed(draft, tapped)
        case StepTap(answers):
            steps.pressed(draft, answers)
        case AppointmentTap():
            meeting.answered(draft, tapped)
        case EventTap():
            events.pressed(draft, tapped)
        case GrantTap():
            grants.pressed(draft, tapped)
        case _:
            assert_never(tapped)


def before_greeting(draft: Draft, raw: str) -> None:
    """A button from before the person was forgotten: greeted first, and the wish waits for the consent."""
    tapped = read(raw)
    match tapped:
        case LanguageTap(language):
            greeting.speak(draft, language)
            return
        case StartTap(flow) if flow in draft.house.flows:
            draft.keep(wants=flow)
        case CommandTap("person"):
            draft.keep(wants="person")
        case CommandTap(name) if name in commands.RIGHTS:
            commands.obey(draft, name)
            return
        case _:
            pass  # whatever it was, it belongs to a talk that is gone
    talking.greet(draft)


def _in_flow(draft: Draft, tapped: FlowTap) -> None:
    """A button of the running form. One that fits no more changes nothing and asks again."""
    question = draft.here.flow.find(tapped.question)
    if question is None:
        _of_the_form(draft, tapped)
        return
    match tapped.act:
        case Act.CHOOSE:
            ticking.choose(draft, question, tapped.option)
        case Act.DONE:
            ticking.done(draft, question)
        case Act.AGAIN:
            ticking.again(draft, question)
        case Act.AS_IS:
            running.leave_as_is(draft, question)
        case Act.BACK:
            running.back(draft, question.key)
        case Act.SKIP:
            running.skip(draft, question)
        case Act.CHANGE:
            running.reopen(draft, question)
        case Act.KEEP:
            running.keep_aside(draft, question)
        case _:
            _of_the_form(draft, tapped)


def _of_the_form(draft: Draft, tapped: FlowTap) -> None:
    match tapped.act:
        case Act.BACK:
            running.back(draft, None)
        case Act.CANCEL if tapped.option == "sure":
            leaving.cancel(draft)
        case Act.CANCEL:
            leaving.ask_cancel(draft)
        case Act.FRESH:
            leaving.afresh(draft)
        case Act.ROWS:
            draft.messages.append(change_page(draft.here))
        case Act.SEND:
            leaving.send(draft)
        case _:
            draft.ask()
