"""Words about days and hours in Chinese and Korean, each with the Japanese spelling that is read."""

from __future__ import annotations

_WEEKS = {
    "": "", "这": "今週", "这个": "今週", "本": "今週", "這": "今週", "下": "来週", "下个": "来週", "下個": "来週",
    "下下": "再来週", "下下个": "再来週", "上": "先週", "上个": "先週",
}  # fmt: skip
_DAYS = {"一": "月曜", "二": "火曜", "三": "水曜", "四": "木曜", "五": "金曜", "六": "土曜", "日": "日曜", "天": "日曜"}
_CHINESE = {
    "今天": "今日", "明天": "明日", "后天": "明後日", "後天": "明後日", "大后天": "明々後日", "昨天": "昨日",
    "前天": "おととい", "今晚": "今日夜", "明晚": "明日夜", "今早": "今日朝", "明早": "明日朝", "这个月": "今月",
    "本月": "今月", "下个月": "来月", "下個月": "来月", "下下个月": "再来月", "明年": "来年", "后年": "再来年",
    "上午": "午前", "凌晨": "午前", "下午": "午後", "早上": "朝", "早晨": "朝", "中午": "昼", "傍晚": "夕方",
    "晚上": "夜", "两点": "2時", "兩點": "2時", "两天后": "2日後", "两周后": "2週間後", "两个星期后": "2週間後",
    "两个月后": "2か月後",
}  # fmt: skip
# What is a day, an hour or a term only behind a number.
_CHINESE_AFTER_A_NUMBER = {
    "号": "日", "號": "日", "点": "時", "點": "時", "点钟": "時", "點鐘": "時", "天后": "日後", "周后": "週間後",
    "个星期后": "週間後", "个月后": "か月後",
}  # fmt: skip
_KOREAN = {
    "오늘": "今日", "내일": "明日", "모레": "明後日", "내일모레": "明後日", "글피": "明々後日", "어제": "昨日",
    "그저께": "おととい", "지난주": "先週", "이번주": "今週", "다음주": "来週", "다다음주": "再来週", "다음": "次",
    "이번": "今度", "이번달": "今月", "다음달": "来月", "다다음달": "再来月", "작년": "去年", "올해": "今年",
    "내년": "来年", "오전": "午前", "오후": "午後", "아침": "朝", "점심": "昼", "낮": "昼", "저녁": "evening",
    "밤": "夜", "정오": "正午", "오늘밤": "今日夜", "일주일후": "1週間後", "일주일뒤": "1週間後", "이틀후": "2日後",
    "이틀뒤": "2日後", "사흘후": "3日後", "한달후": "1か月後", "한달뒤": "1か月後",
}  # fmt: skip
_KOREAN_AFTER_A_DIGIT = {
    "년": "年", "월": "月", "일": "日", "시": "時", "분": "分", "일후": "日後", "일뒤": "日後", "주후": "週間後",
    "주뒤": "週間後", "개월후": "か月後", "개월뒤": "か月後",
}  # fmt: skip
_KOREAN_HOURS = ("한", "두", "세", "네", "다섯", "여섯", "일곱", "여덟", "아홉", "열", "열한", "열두")
_NUMBER = "[0-9〇零一二三四五六七八九十]"


def _weekdays() -> dict[str, str]:
    """Every weekday with and without its week: 下周二 is one word, for 下周 and 二 would be a week and a number."""
    chinese = {
        f"{week}{unit}{day}": spelling + name
        for week, spelling in _WEEKS.items()
        for unit in ("周", "週", "星期", "礼拜")
        for day, name in _DAYS.items()
    }
    korean = zip("월화수목금토일", "月火水木金土日", strict=True)
    return chinese | {
        said: spelling
        for sign, name in korean
        for said, spelling in ((f"{sign}요일", f"{name}曜"), (f"({sign})", f"({name})"))
    }


WORDS = (
    _weekdays()
    | _CHINESE
    | _CHINESE_AFTER_A_NUMBER
    | _KOREAN
    | _KOREAN_AFTER_A_DIGIT
    | {f"{count}시": f"{hour}時" for hour, count in enumerate(_KOREAN_HOURS, start=1)}
    | {"반": "半"}
)
"""Folded words, spaces beside them dropped, each with its spelling."""

BEFORE = dict.fromkeys(_CHINESE_AFTER_A_NUMBER, _NUMBER) | dict.fromkeys(_KOREAN_AFTER_A_DIGIT, "[0-9]") | {"반": "시"}
"""What must stand before a word that means something else elsewhere, as a pattern of one sign."""

NOT_AFTER = dict.fromkeys(("시", *(f"{count}시" for count in _KOREAN_HOURS)), "간") | {"일": "요일"}
"""What must not follow: 2시간 is two hours, 3일요일 the third, a Sunday."""
