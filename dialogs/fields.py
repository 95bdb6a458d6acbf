"""Read a number, a telephone, a mail address, a postcode or a text from what a person typed, or say what is wrong.

Problems, with their values:
  empty                              nothing but spaces, controls and invisible signs
  too_long            at_most, now   characters as people count them
  secret_number                      holds what checks as a マイナンバー or a card number
  not_a_number                       not understood
  not_whole                          1.5
  several_numbers                    4、5人; 5〜6人; 二三人
  too_small           at_least
  too_large           at_most
  not_a_phone                        not understood, or no such number
  phone_area_missing                 1234-5678
  several_phones, several_mails
  not_a_mail
  not_a_postcode
"""

from __future__ import annotations

import re
import unicodedata

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from dialogs.characters import anything_seen, characters
from dialogs.fold import fold, kanji_number
from dialogs.problem import Problem
from dialogs.secrets import card_like, my_number_like, secret_number

__all__ = [
    "card_like",
    "my_number_like",
    "read_mail",
    "read_number",
    "read_phone",
    "read_postcode",
    "read_text",
    "secret_number",
]

_LONGEST = 200  # signs of an answer that is one number or one address
_POLITE = r"です|になります|(?:で)?お願いします|の|は|が|是|我|的|은|는|제|입니다|이?에요|예요|[ :、。,.]"

# ---------------------------------------------------------------------------------------------------------------------
# Text

_MOST_PARTS = 16  # code points of one character as people see it: a family of emoji has 11; without a cap, no end


def read_text(text: str, at_most: int) -> str | Problem:
    """The text bit for bit without outer white space; `at_most` counts characters as people see them."""
    kept = text.strip()
    if len(kept) > at_most * _MOST_PARTS:
        return Problem("too_long", {"at_most": at_most, "now": len(kept)})
    if not anything_seen(kept):
        return Problem("empty")
    now = characters(kept)
    if now > at_most:
        return Problem("too_long", {"at_most": at_most, "now": now})
    return secret_number(kept) or kept


def _folded(text: str, code: str) -> str | Problem:
    bare = text.strip()
    if len(bare) > _LONGEST:
        return Problem(code)
    return fold(bare) or Problem("empty")


# ---------------------------------------------------------------------------------------------------------------------
# Number

_KANJI = "〇零一二三四五六七八九十百千壱弐参拾"
_AMOUNT = rf"(?:[0-9]{{1,3}}(?:,[0-9]{{3}})+|[0-9]+|[{_KANJI}]+)"
_UNIT = (
    "(?:个?人|位|名(?:様)?|にん|めい|円|えん|個|つ|回|件|枚|部|台|歳|才|さい|団体|組|世帯|[かゖ箇]所|時間|分|年|[かゖ箇]月"
    "|명|분|개|년|원|엔|people|persons?|yen)"
)
_ABOUT = (
    r"(?:約|およそ|だいたい|大体|たぶん|多分|計|合計|全部で|全員で|みんなで|はい|えっと|about|around|[ 、]"
    r"|大约|大概|一共|总共|약|대략|모두|전부|총)*"
)
_SO = (
    r"(?:くらい|ぐらい|ほど|程度|前後|ですね?|になります|だと思います|の予定|予定|お願いします|[ 。.!]"
    r"|左右|吧|쯤|정도|입니다|이?에요|예요|요)*"
)
_NUMBER = re.compile(
    rf"{_ABOUT}(?P<minus>-|まいなす)?(?:(?P<man>{_AMOUNT})万)?(?P<rest>{_AMOUNT})?(?P<sen>千)? ?{_UNIT}?{_SO}"
)
_PARTS = re.compile(rf"(?<![0-9{_KANJI}.]){_AMOUNT}(?![0-9{_KANJI}])")


def _amount(said: str | None) -> int | None:
    if not said:
        return 0
    plain = said.replace(",", "")
    return int(plain) if plain.isascii() else kanji_number(plain)


def read_number(text: str, at_least: int | None = None, at_most: int | None = None) -> int | Problem:
    """The whole number that is said: 5人, 約２０名, 二十四, 1,200円, 3万5千円."""
    plain = _folded(text, "not_a_number")
    if isinstance(plain, Problem):
        return plain
    plain = plain.replace("ひとり", "1人").replace("ふたり", "2人").replace("两", "二")
    match = _NUMBER.fullmatch(plain)
    if not match or not (match["man"] or match["rest"]):
        return _no_number(plain)
    man, rest = _amount(match["man"]), _amount(match["rest"])
    if man is None or rest is None:
        return _no_number(plain)
    number = man * 10_000 + rest * (1000 if match["sen"] else 1)
    number = -number if match["minus"] else number
    if at_least is not None and number < at_least:
        return Problem("too_small", {"at_least": at_least})
    if at_most is not None and number > at_most:
        return Problem("too_large", {"at_most": at_most})
    return number


def _no_number(plain: str) -> Problem:
    if re.search(r"[0-9]\.[0-9]", plain):
        return Problem("not_whole")
    loose = re.search("[一二三四五六七八九]{2}", plain)
    return Problem("several_numbers" if loose or len(_PARTS.findall(plain)) > 1 else "not_a_number")


# ---------------------------------------------------------------------------------------------------------------------
# Telephone, mail, postcode

_PHONE = re.compile(r"[+(]?[0-9][0-9() ./-]*[0-9]")
_PHONE_WORDS = re.compile(
    rf"(?:私|自宅|携帯|けいたい|会社|電話|でんわ|番号|ばんごう|电话|手机|号码|전화|번호|휴대폰|핸드폰|tel|phone|{_POLITE})*"
)


def read_phone(text: str) -> str | Problem:
    """A telephone as it is written in Japan, 03-1234-5678; one abroad as +1 212-555-0123."""
    plain = _folded(text, "not_a_phone")
    if isinstance(plain, Problem):
        return plain
    found = _PHONE.findall(plain)
    if not found or not _PHONE_WORDS.fullmatch(_PHONE.sub("", plain)):
        return Problem("not_a_phone")
    digits = re.sub("[^0-9]", "", found[0])
    if len(found) > 1 or len(digits) > 15:
        return Problem("several_phones")
    if not found[0].startswith("+") and not digits.startswith("0"):  # phonenumbers would guess the missing 0
        return Problem("phone_area_missing" if 6 <= len(digits) <= 8 else "not_a_phone")
    try:
        number = phonenumbers.parse(found[0], "JP")
    except phonenumbers.NumberParseException:
        return Problem("not_a_phone")
    if not phonenumbers.is_valid_number(number):
        return Problem("not_a_phone")
    at_home = number.country_code == 81
    shape = phonenumbers.PhoneNumberFormat
    return phonenumbers.format_number(number, shape.NATIONAL if at_home else shape.INTERNATIONAL)


_MAIL = re.compile(r"[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-zA-Z0-9.-]*[a-zA-Z0-9]")
_MAIL_WORDS = re.compile(
    rf"(?:私|メール|めーる|アドレス|电子|邮箱|邮件|地址|이메일|메일|주소|E-?mail|e-?mail|[Mm]ail(?:to)?|[<>「」]|{_POLITE})*"
)
# Until 2009 these two gave out addresses with two dots in a row or one before the @, against RFC 5322; many live on.
_LENIENT = re.compile(r"([a-z0-9_][a-z0-9._+-]*)@(docomo\.ne\.jp|ezweb\.ne\.jp)", re.IGNORECASE)


def read_mail(text: str) -> str | Problem:
    """A mail address that could exist; nothing is looked up. The part before the @ keeps its case."""
    bare = text.strip()
    if len(bare) > _LONGEST * 2:  # an address may have 254 signs
        return Problem("not_a_mail")
    seen = "".join(sign for sign in unicodedata.normalize("NFKC", bare) if unicodedata.category(sign) != "Cf")
    if not seen:
        return Problem("empty")
    plain = re.sub("(?<=[a-zA-Z0-9])[‐‑‒–—―−ー](?=[a-zA-Z0-9])", "-", seen)
    plain = re.sub("(?<=[a-zA-Z0-9])[。｡](?=[a-zA-Z0-9])", ".", re.sub(" ?@ ?", "@", plain))
    found = _MAIL.findall(plain)
    if len(found) > 1:
        return Problem("several_mails")
    if not found or not _MAIL_WORDS.fullmatch(_MAIL.sub("", plain)):
        return Problem("not_a_mail")
    if old := _LENIENT.fullmatch(found[0]):
        return f"{old[1]}@{old[2].lower()}"
    try:
        return validate_email(found[0], allow_smtputf8=False, check_deliverability=False).normalized
    except EmailNotValidError:
        return Problem("not_a_mail")


_POSTCODE = re.compile(rf"(?:〒|郵便番号|{_POLITE})*([0-9]{{3}}) ?-? ?([0-9]{{4}})(?:{_POLITE})*")


def read_postcode(text: str) -> str | Problem:
    """A Japanese postcode, 110-0015; whether it is in use is not looked up."""
    plain = _folded(text, "not_a_postcode")
    if isinstance(plain, Problem):
        return plain
    match = _POSTCODE.fullmatch(plain)
    return f"{match[1]}-{match[2]}" if match else Problem("not_a_postcode")
