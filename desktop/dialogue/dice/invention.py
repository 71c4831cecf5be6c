"""How a roll looks that somebody made up: in notation, and in the prose of three languages."""

_FORMULA = (
    r"(?<![\w.])(?:\d{1,3}[dD]\d{1,5}|[dD](?:4|6|8|10|12|20|100))(?:(?:kh|kl|dh|dl)\d+)?"
    r"(?:\s?[+\-−]\s?\d{1,4})*(?:\s*(?:<=|>=|≤|≥)\s*\d{1,4})?"
)
_CHECK = (
    r"(?<![A-Za-z])CCB?(?:\([+-]?\d\)|[+-]\d)?\s*<=\s*\d{1,3}[rhec]?"
    r"(?:\s+[^\s＞>=\[\]\d]{1,20})?"
)
_BECAME = r"(?:=|＝|→|⇒|->|=>|＞)"
_NUMBER = r"[\[(「]?\s*\d{1,4}"
_OF = r"\(?\s*\d{1,3}\s*/\s*\d{1,3}\s*\)?"
_SIGN = r"[^\n\w]{0,6}"

NOTATION = (
    # 2d6 = 9 · 1d20+3 → [15] · [[1d20]] = 5
    rf"(?:\[\[\s*)?{_FORMULA}(?:\s*\]\])?\s*(?:{_BECAME}\s*)+{_NUMBER}",
    # 2d6: 9
    rf"(?<![\w.])\d{{1,3}}[dD]\d{{1,5}}(?:\s?[+-]\s?\d{{1,4}})?\s*[:：]\s*{_NUMBER}(?=\W|$)",
    # (1D100<=60) ＞ 34 ＞ 성공
    rf"\(\s*{_FORMULA}\s*\)[^\n＞>→=\d]{{0,30}}(?:\[-?\d\]\s*)?(?:{_BECAME}|>|[:：])\s*{_NUMBER}",
    # CC<=60 관찰력 → 34
    rf"{_CHECK}[^\n＞→=\d]{{0,10}}(?:＞|→|⇒|->|=>|:)\s*{_NUMBER}",
)

_KO = r"(?:주사위|다이스|굴림|판정|d(?:6|10|20|100))"
_KO_FAR = rf"{_KO}[^\n.!?。]{{0,30}}?"
_KO_RESULT = r"(?:결과|눈|값|합계|합)(?:은|는|이|가|값은|값)?"
_KO_COUNTED = (
    r"(?!\d|\s*(?:명|개월|개|일|월|년|시간|시|분|초|층|번지|번|살|마리|사람|원|장|대|킬로|미터))"
)
_KO_GRADE = r"(?:대성공|성공|실패|대실패|보통 성공|어려운 성공|대단한 성공)"

KOREAN = (
    # 주사위를 굴린 결과 17 · 판정 결과: 34 · 주사위 눈은 5
    rf"{_KO_FAR}{_KO_RESULT}\s*[:：→=]?\s*[\"'「\[(]?\s*\d{{1,4}}{_KO_COUNTED}",
    # 주사위를 굴리자 17이 나왔다
    rf"{_KO_FAR}\d{{1,4}}(?:이|가|이라는 숫자가|라는 숫자가)?\s*(?:나왔|나온|나오|떴|뜬|뜨)",
    # 관찰력 판정: 34/60 성공
    rf"(?:판정|굴림)\s*[:：→]?\s*[^\n.!?\d]{{0,12}}{_OF}{_SIGN}{_KO_GRADE}",
    # 관찰력 판정: 34, 성공
    rf"(?:판정|굴림)[^\n.!?\d]{{0,20}}[:：]\s*\d{{1,3}}{_SIGN}{_KO_GRADE}",
)

_EN_DIE = r"(?:dice|die|d(?:4|6|8|10|12|20|100))"
_EN_BARE = r"(?!\s*[-–%]|\w)"
_EN_ENDS = (
    _EN_BARE + r"(?=\s*(?:[.,;:!?)\]*\"”—–]|$|\n|for|against|vs|total|in total|"
    r"on (?:the|a|his|her|your|their|my|its) " + _EN_DIE + "))"
)
_EN_SHOWS = (
    r"(?:shows?|showed|reads?|comes? up|came up|lands? on|landed on|"
    r"results?(?: is| was)?:?|totals?|totalled)"
)

ENGLISH = (
    # rolled a 17. · rolls a natural 20 · the die shows a 4 · dice roll: 14
    rf"\broll(?:s|ed|ing)?\s+(?:an?|the)\s+(?:natural |nat |total of )?\d{{1,3}}{_EN_ENDS}",
    r"\broll(?:s|ed|ing)?\s+(?:an?\s+)?(?:natural|nat)\s?\d{1,3}\b",
    rf"\b{_EN_DIE}\b[^\n.!?]{{0,30}}?\b{_EN_SHOWS}\s+(?:an?\s+)?\d{{1,3}}{_EN_ENDS}",
    r"\b(?:dice roll|die roll|roll result|result of the roll)\s*(?:is|was|[:=→])\s*\d{1,3}\b",
)

_JA = r"(?:ダイス|サイコロ|賽|ロール|判定)"
_JA_FAR = rf"{_JA}[^\n。！？]{{0,20}}?"
_JA_COUNTED = r"(?!\d|\s*(?:人|日|月|年|時|分|秒|階|個|匹|枚|名|歳|回|本))"
_JA_GRADE = r"(?:クリティカル|スペシャル|成功|失敗|ファンブル)"

JAPANESE = (
    # サイコロの出目は5 · ダイスの結果：34
    rf"{_JA_FAR}(?:結果|出目|目|値|合計)(?:は|が)?\s*[:：→=]?\s*[「\[(（]?\s*\d{{1,4}}{_JA_COUNTED}",
    rf"出目[はが:：]?\s*[「\[(（]?\s*\d{{1,3}}{_JA_COUNTED}",
    # サイコロを振ると6が出た
    rf"{_JA_FAR}\d{{1,3}}\s*(?:が出|を出し)",
    # 目星判定：34 成功
    rf"(?:ロール|判定)[^\n。！？\d]{{0,12}}[:：→＞]\s*\d{{1,3}}{_SIGN}{_JA_GRADE}",
)

INVENTED = "|".join(f"(?:{one})" for one in (*NOTATION, *KOREAN, *ENGLISH, *JAPANESE))
"""One pattern for all; every gap in it is short, so that no text can make it slow."""
