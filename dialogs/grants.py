"""Looking for grants: cards with the deadline and why one fits or not, and what can be done with a call."""

from __future__ import annotations

from datetime import date, timedelta

from dialogs import greeting, running, talking
from dialogs.asking import resume, way
from dialogs.dates import say_day
from dialogs.deeds import GrantWish
from dialogs.draft import Draft
from dialogs.grant import LADDER, Grant, Miss
from dialogs.saying import Button, Link, Message, Weight
from dialogs.tap import GrantAct, GrantTap, StartTap
from dialogs.words import Words

AT_ONCE = 3
GROUP, READ, WRITE = "grant_group", "grant_read", "grant_write"
_OPTIONS = {
    "form": "form",
    "area": "area",
    "field": "fields",
}  # a rule, and the question that has words for its options


def on_shelf(draft: Draft) -> list[Grant]:
    """All that are open now: those that fit first, then by their last day."""
    found = [one for one in draft.around.shelves.get("grants", ()) if isinstance(one, Grant)]
    return sorted(found, key=lambda one: (one.fails, one.closes))


def everything(draft: Draft) -> None:
    """The first of all that are open."""
    show(draft, 0)


def pressed(draft: Draft, tap: GrantTap) -> None:
    """A button of a call, however old."""
    one = next((one for one in on_shelf(draft) if one.key == tap.key), None)
    match tap.act:
        case GrantAct.MORE:
            show(draft, int(tap.key or 0))
            return
        case GrantAct.DROP:
            draft.do(GrantWish(tap.act, ""))
            draft.say("grants.dropped", way(draft.words, "grants"), way(draft.words, "menu"))
        case _ if one is None:
            draft.say("grants.gone", way(draft.words, "grants"), way(draft.words, "menu"), way(draft.words, "person"))
        case GrantAct.SHOW:
            draft.messages.append(_details(draft, one))
        case GrantAct.READ | GrantAct.WRITE:
            _help(draft, tap.act, one)
            return
        case _:
            _stand(draft, tap.act, one)
    if draft.place:
        draft.ask()


def show(draft: Draft, start: int) -> None:
    """Three of them, and the ways to more, and to say what one's group is."""
    words, found = draft.words, on_shelf(draft)
    back = (resume(draft.place, Weight.WAY),) if draft.place else ()
    ways = (*back, way(words, "menu"), way(words, "person"))
    shown = found[start : start + AT_ONCE]
    if not shown:
        draft.say("shelf.no_grants", *ways)
        return
    draft.messages += [_card(one, words) for one in shown]
    end = start + len(shown)
    more = [_button(words, "more", GrantTap(GrantAct.MORE, str(end)), Weight.MAIN)] if end < len(found) else []
    known = shown[0].known
    group = [Button(words.say("grants.regroup" if known else "grants.group"), str(StartTap(GROUP)), Weight.OPTION)]
    if known:
        group.append(_button(words, "drop", GrantTap(GrantAct.DROP), Weight.WAY))
    key = "grants.seen" if known else "grants.seen_tell"
    draft.say(key, *more, *group, *ways, shown=end, count=len(found))


def _card(one: Grant, words: Words) -> Message:
    return Message(_text(one, words), (*_steps(one, words), _look(one, words)), links=_links(one, words))


def _text(one: Grant, words: Words) -> str:
    lines = [words.say("grants.title", name=one.label), words.say("grants.by", funder=one.funder)]
    if one.ceiling:
        lines.append(words.say("grants.ceiling", yen=f"{one.ceiling:,}"))
    if one.rate:
        lines.append(words.say("grants.rate", percent=one.rate))
    lines.append(_closes(one, words))
    lines += _fit(one, words)
    if one.stale:
        lines.append(words.say("grants.stale"))
    return "\n".join(lines)


def _closes(one: Grant, words: Words) -> str:
    return words.say("grants.closes", day=day_of(one.closes, words), how=words.say(f"grants.{one.delivery}"))


def day_of(day: date, words: Words) -> str:
    """A day with its year: calls may close in the next one."""
    return words.say("when.year", year=day.year, day=say_day(day, words))


def _fit(one: Grant, words: Words) -> list[str]:
    """Why it fits, which rule fails, and what is still to be asked."""
    if not one.known:
        return []
    if not one.misses:
        return [words.say("grants.fits")]
    fails = [words.say("grants.fails", rule=_rule(miss, words)) for miss in one.misses if miss.fails]
    return fails or [words.say("grants.asks", rule=_rule(miss, words)) for miss in one.misses]


def _rule(miss: Miss, words: Words) -> str:
    if miss.rule in _OPTIONS:
        labels = (words.say(f"{GROUP}.{_OPTIONS[miss.rule]}.{option}") for option in miss.options)
        return words.say(f"grants.rule_{miss.rule}", options=words.say("common.comma").join(labels))
    return words.say(f"grants.rule_{miss.rule}", number=f"{miss.number:,}")


def _details(draft: Draft, one: Grant) -> Message:
    words = draft.words
    lines = [_text(one, words)]
    parts = {"who": one.who, "about": one.about, "costs": one.costs, "papers": one.papers}
    parts |= {"briefing": one.briefing, "result": one.result}
    lines += [words.say(f"grants.part_{name}", said=said) for name, said in parts.items() if said]
    if one.checked:
        lines.append(words.say("grants.checked", day=day_of(one.checked, words)))
    buttons = (*_steps(one, words), *_helps(one, words), way(words, "menu"), way(words, "person"))
    return Message("\n".join(lines), buttons, links=_links(one, words))


def _help(draft: Draft, act: GrantAct, one: Grant) -> None:
    """Guided questions that end with a coordinator."""
    flow = draft.house.flows[READ if act is GrantAct.READ else WRITE]
    if greeting.may_start(draft):
        running.start(draft, flow, {"grant": one.key})
    else:
        greeting.want_start(draft, flow)


def _stand(draft: Draft, act: GrantAct, one: Grant) -> None:
    """Making use of it, having applied, or it is not for them: all of which is kept, so it needs their consent."""
    words, ways = draft.words, (way(draft.words, "menu"), way(draft.words, "person"))
    if not talking.consented(draft):
        draft.say("consent.needed")
        talking.ask_consent(draft)
        return
    draft.do(GrantWish(act, one.key))
    if act is not GrantAct.USE:
        key = "grants.applied_now" if act is GrantAct.APPLIED else "grants.not_us_now"
        draft.say(key, way(words, "grants"), *ways, name=one.label)
        return
    days = [one.closes - timedelta(days=left) for left in LADDER]
    told = [day_of(day, words) for day in days if day > draft.around.now.date()]
    lines = [words.say("grants.using_now", name=one.label), _closes(one, words)]
    if one.stale:
        lines.append(words.say("grants.stale"))
    elif told:
        lines.append(words.say("grants.told_on", days=words.say("common.comma").join(told)))
    else:
        lines.append(words.say("grants.told_no_more"))
    draft.messages.append(Message("\n".join(lines), (*_helps(one, words), *ends(one.key, words), *ways)))


def reminder(one: Grant, left: int, words: Words) -> Message:
    """So many days are left."""
    text = words.say("grants.remind", name=one.label, count=left)
    buttons = (*ends(one.key, words), *_helps(one, words), way(words, "person"))
    return Message(f"{text}\n{_closes(one, words)}", buttons, links=_links(one, words))


def moved(one: Grant, words: Words) -> Message:
    """Its last day is another one."""
    text = words.say("grants.moved", name=one.label)
    return Message(f"{text}\n{_closes(one, words)}", (way(words, "person"),), links=_links(one, words))


def off(name: str, words: Words) -> Message:
    """It is not to be had any more."""
    return Message(words.say("grants.off", name=name), (way(words, "grants"), way(words, "person")))


def ends(key: str, words: Words) -> tuple[Button, ...]:
    """What ends the ladder."""
    return (
        _button(words, "applied", GrantTap(GrantAct.APPLIED, key), Weight.OPTION),
        _button(words, "not_us", GrantTap(GrantAct.NOT_US, key), Weight.OPTION),
    )


def _steps(one: Grant, words: Words) -> tuple[Button, ...]:
    if one.state == "using":
        return ends(one.key, words)
    return (_button(words, "use", GrantTap(GrantAct.USE, one.key), Weight.MAIN),)


def _helps(one: Grant, words: Words) -> tuple[Button, ...]:
    return (
        _button(words, "read", GrantTap(GrantAct.READ, one.key), Weight.OPTION),
        _button(words, "write", GrantTap(GrantAct.WRITE, one.key), Weight.OPTION),
    )


def _look(one: Grant, words: Words) -> Button:
    return _button(words, "look", GrantTap(GrantAct.SHOW, one.key), Weight.OPTION)


def _links(one: Grant, words: Words) -> tuple[Link, ...]:
    """Where it stands in full, and its last day for the calendar."""
    found = [Link(words.say("grants.source"), one.source)] if one.source else []
    return (*found, Link(words.say("grants.calendar"), f"{one.url}.ics")) if one.url else tuple(found)


def _button(words: Words, key: str, tap: GrantTap, weight: Weight) -> Button:
    return Button(words.say(f"grants.{key}"), str(tap), weight)
