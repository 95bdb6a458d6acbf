"""Which questions may be learnt from people at all: whole ones about our own matters, never what a person must hear."""

from __future__ import annotations

from knowledge import safety
from knowledge.asking import hangs, wants_more
from knowledge.plain import even

VAGUE = 6  # characters; who writes no more has named a matter and asked nothing
LONGEST = 80  # characters; nobody will write so long a question in the same words again


def learnable(question: str) -> bool:
    """Whether the even form of a question may become a way of asking for the answer that helped.

    Not what raises an alarm or speaks of trouble, what hangs on the talk before it, what is vague, nor a story.
    """
    if not VAGUE < len(even(question)) <= LONGEST or hangs(question) or wants_more(question):
        return False
    return safety.alarm(question) is None and safety.unease(question) is None
