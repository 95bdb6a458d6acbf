"""One file for each conversation; this page is the list of them."""

from __future__ import annotations

from collections.abc import Mapping

from dialogs.flow import Flow
from dialogs.flows.appointment import Appointment
from dialogs.flows.consultation import Consultation
from dialogs.flows.event_offer import EventOffer
from dialogs.flows.grants import GrantGroup, GrantRead, GrantWrite
from dialogs.flows.sign_up import SignUp

ALL: Mapping[str, type[Flow]] = {
    flow.name: flow for flow in (Consultation, Appointment, SignUp, EventOffer, GrantGroup, GrantRead, GrantWrite)
}
