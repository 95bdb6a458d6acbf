"""An answer that a centre might write itself, whole in Japanese, for tests to spoil."""

from __future__ import annotations

from datetime import date, timedelta

from knowledge.checking import Beside
from knowledge.edited import Edited, Origin, Tongue
from tests.ours import DAY

JAPANESE = Tongue(
    title="カラスの巣",
    question="カラスの巣を見つけたら？",
    short="カラスの巣は、センターでは取りません。区の係にご連絡ください。",
    details="巣に近づくと、親のカラスが人を追うことがあります。",
    asks=("カラスの巣を見つけたら", "カラスが巣を作った", "木にカラスの巣がある"),
    next="場所を書いて、センターの人に聞いてください。",
)
EASY = Tongue(
    title="からすの{巣|す}",
    question="からすの{巣|す}があったら、どうしますか",
    short="からすの{巣|す}は、センターでは{取|と}りません。{区|く}に{電話|でんわ}をしてください。",
    details="{巣|す}に{近|ちか}づかないでください。",
    asks=("カラスの 巣が あります",),
    next="センターの{人|ひと}に{聞|き}いてください。",
)
CROWS = Edited(
    topic="T01",
    checked=DAY,
    review_by=DAY + timedelta(days=300),
    sources=(Origin(title="カラスの相談", publisher="台東区", url="https://example.jp/a", date="2026-11"),),
    tests=("カラスの巣があるのですが",),
    text={"ja": JAPANESE},
)


def beside(today: date = DAY) -> Beside:
    """Nothing stands beside it but the flows, and a telephone may be told."""
    return Beside(today, {"phone"}, ("consultation",), ())
