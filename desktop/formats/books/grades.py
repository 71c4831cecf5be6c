"""What a roll came to, in the words of a book. They are content: they follow its language."""

from desktop.protocol.dice import Grade
from desktop.protocol.models import Language

GRADES: dict[Language, dict[Grade, str]] = {
    "ko": {
        "critical": "대성공",
        "extreme": "극단적 성공",
        "hard": "어려운 성공",
        "regular": "보통 성공",
        "special": "스페셜",
        "success": "성공",
        "partial": "부분 성공",
        "failure": "실패",
        "fumble": "대실패",
        "automatic_success": "자동 성공",
        "automatic_failure": "자동 실패",
    },
    "en": {
        "critical": "critical",
        "extreme": "extreme success",
        "hard": "hard success",
        "regular": "regular success",
        "special": "special",
        "success": "success",
        "partial": "partial success",
        "failure": "failure",
        "fumble": "fumble",
        "automatic_success": "automatic success",
        "automatic_failure": "automatic failure",
    },
    "ja": {
        "critical": "クリティカル",
        "extreme": "イクストリーム成功",
        "hard": "ハード成功",
        "regular": "レギュラー成功",
        "special": "スペシャル",
        "success": "成功",
        "partial": "部分的成功",
        "failure": "失敗",
        "fumble": "ファンブル",
        "automatic_success": "自動成功",
        "automatic_failure": "自動失敗",
    },
}
