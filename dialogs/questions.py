"""Every kind of question a flow may use, in one place to import from."""

from dialogs.choices import Agreed, Consent, Listed, OneOf, YesNo
from dialogs.entries import Clock, Day, File, LongText, Mail, Moment, Number, Phone, Postcode, Text
from dialogs.question import Condition, Item, Question, Scene
from dialogs.several import ManyOf, Slot

__all__ = [
    "Agreed",
    "Clock",
    "Condition",
    "Consent",
    "Day",
    "File",
    "Item",
    "Listed",
    "LongText",
    "Mail",
    "ManyOf",
    "Moment",
    "Number",
    "OneOf",
    "Phone",
    "Postcode",
    "Question",
    "Scene",
    "Slot",
    "Text",
    "YesNo",
]
