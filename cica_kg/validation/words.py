"""The words of reports, in English, Arabic and Russian: what a check says, what a constraint asks for."""

# ruff: noqa: E501  # a sentence stands on one line

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from cica_kg.validation.report import FALLBACK, Place, Result
from cica_kg.vocabulary import PREFIXES, SHAPES_NAMESPACE

#: Words that stand in the text form of a report.
TALK: Final[dict[str, dict[str, str]]] = {
    "en": {
        "Violation": "violation", "Warning": "warning", "Info": "note",
        "found": "found", "missing": "nothing found", "too many": "too many found", "wanted": "wanted", "nowhere": "(no file)",
        "by shape": "by shape:", "violations": "violations", "warnings": "warnings", "notes": "notes",
        "valid": "valid: the graph conforms to its shapes",
        "invalid": "not valid: the graph does not conform to its shapes",
        "broken": "not valid: these files cannot be read as they are; the shapes were not asked",
        "more": "and {0} more results: “cica validate” shows all",
    },
    "ar": {
        "Violation": "مخالفة", "Warning": "تحذير", "Info": "ملاحظة",
        "found": "الموجود", "missing": "لا شيء", "too many": "أكثر مما ينبغي", "wanted": "المطلوب", "nowhere": "(بلا ملف)",
        "by shape": "بحسب الشكل:", "violations": "مخالفات", "warnings": "تحذيرات", "notes": "ملاحظات",
        "valid": "صالح: الرسم البياني المعرفي يطابق أشكاله",
        "invalid": "غير صالح: الرسم البياني المعرفي لا يطابق أشكاله",
        "broken": "غير صالح: لا يمكن قراءة هذه الملفات كما هي، ولم تُسأل الأشكال",
        "more": "وهناك {0} نتيجة أخرى: يعرضها كلها الأمر “cica validate”",
    },
    "ru": {
        "Violation": "нарушение", "Warning": "предупреждение", "Info": "заметка",
        "found": "найдено", "missing": "ничего нет", "too many": "слишком много", "wanted": "требуется", "nowhere": "(нет файла)",
        "by shape": "по формам:", "violations": "нарушений", "warnings": "предупреждений", "notes": "заметок",
        "valid": "верно: граф соответствует своим формам",
        "invalid": "неверно: граф не соответствует своим формам",
        "broken": "неверно: эти файлы в таком виде не читаются; формы не спрошены",
        "more": "и ещё результатов: {0}; все показывает “cica validate”",
    },
}  # fmt: skip

#: What a core constraint asks for; {0} is its parameter.
WANTED: Final[dict[str, dict[str, str]]] = {
    "Class": {"en": "something of the class {0}", "ar": "شيء من الفئة {0}", "ru": "нечто класса {0}"},
    "Datatype": {"en": "a value of the type {0}", "ar": "قيمة من النوع {0}", "ru": "значение типа {0}"},
    "NodeKind": {"en": "a node of the kind {0}", "ar": "عقدة من النوع {0}", "ru": "узел вида {0}"},
    "MinCount": {"en": "at least {0}", "ar": "{0} على الأقل", "ru": "не менее {0}"},
    "MaxCount": {"en": "at most {0}", "ar": "{0} على الأكثر", "ru": "не более {0}"},
    "QualifiedMinCount": {
        "en": "at least {0} such value", "ar": "{0} من هذه القيم على الأقل", "ru": "таких значений не менее {0}",
    },
    "QualifiedMaxCount": {
        "en": "at most {0} such value", "ar": "{0} من هذه القيم على الأكثر", "ru": "таких значений не более {0}",
    },
    "MinInclusive": {"en": "{0} or more", "ar": "{0} فأكثر", "ru": "{0} или больше"},
    "MaxInclusive": {"en": "{0} or less", "ar": "{0} فأقل", "ru": "{0} или меньше"},
    "MinExclusive": {"en": "more than {0}", "ar": "أكثر من {0}", "ru": "больше {0}"},
    "MaxExclusive": {"en": "less than {0}", "ar": "أقل من {0}", "ru": "меньше {0}"},
    "MinLength": {"en": "at least {0} characters", "ar": "{0} أحرف على الأقل", "ru": "не менее {0} знаков"},
    "MaxLength": {"en": "at most {0} characters", "ar": "{0} أحرف على الأكثر", "ru": "не более {0} знаков"},
    "Pattern": {"en": "a text of the form {0}", "ar": "نص بالصيغة {0}", "ru": "текст вида {0}"},
    "LanguageIn": {"en": "a text in {0}", "ar": "نص بلغة من {0}", "ru": "текст на {0}"},
    "UniqueLang": {"en": "one text a language", "ar": "نص واحد لكل لغة", "ru": "один текст на каждом языке"},
    "Equals": {"en": "the same as {0}", "ar": "ما يساوي {0}", "ru": "то же, что {0}"},
    "Disjoint": {"en": "something else than {0}", "ar": "غير ما في {0}", "ru": "иное, чем {0}"},
    "LessThan": {"en": "less than {0}", "ar": "أقل من {0}", "ru": "меньше, чем {0}"},
    "LessThanOrEquals": {"en": "no later or more than {0}", "ar": "ما لا يتجاوز {0}", "ru": "не позже и не больше {0}"},
    "HasValue": {"en": "the value {0}", "ar": "القيمة {0}", "ru": "значение {0}"},
    "In": {"en": "one of {0}", "ar": "واحد من {0}", "ru": "одно из {0}"},
}  # fmt: skip

#: What a check says; {0} is what was found, {1} what is probably meant. Severity stands beside it.
CHECKS: Final[dict[str, dict[str, str]]] = {
    "turtle": {
        "en": "This is not Turtle: {0}. Look for a missing “;” “,” or “.” just before.",
        "ar": "هذا ليس Turtle: {0}. ابحث عن “;” أو “,” أو “.” ناقصة قبله مباشرة.",
        "ru": "Это не Turtle: {0}. Проверьте, не пропущен ли перед этим знак “;” “,” или “.”.",
    },
    "unfinished": {
        "en": "This is not Turtle: the file ends before what begins here does. Look for a missing quotation mark, bracket or “.”.",
        "ar": "هذا ليس Turtle: ينتهي الملف قبل أن ينتهي ما يبدأ هنا. ابحث عن علامة اقتباس أو قوس أو نقطة ناقصة.",
        "ru": "Это не Turtle: файл кончается раньше, чем то, что здесь начато. Проверьте кавычки, скобки и точку.",
    },
    "undeclared-prefix": {
        "en": "This is not Turtle: the prefix “{0}:” is not declared in this file. {1}",
        "ar": "هذا ليس Turtle: البادئة “{0}:” غير معلنة في هذا الملف. {1}",
        "ru": "Это не Turtle: префикс “{0}:” в этом файле не объявлен. {1}",
    },
    "relative-iri": {
        "en": "This is not Turtle here: the IRI is relative. Write it in full (https://…) or with a prefix.",
        "ar": "هذا ليس Turtle مقبولاً هنا: المعرّف نسبي. اكتبه كاملاً (https://…) أو ببادئة.",
        "ru": "Здесь это не Turtle: IRI относительный. Напишите его полностью (https://…) или с префиксом.",
    },
    "language-tag-form": {
        "en": "This is not Turtle: the language tag is malformed ({0}). Write one such as @en, @ar or @zh-Hans.",
        "ar": "هذا ليس Turtle: وسم اللغة غير سليم ({0}). اكتب وسماً مثل ‎@en أو ‎@ar أو ‎@zh-Hans.",
        "ru": "Это не Turtle: языковой тег неверен ({0}). Напишите, например, @en, @ar или @zh-Hans.",
    },
    "encoding": {
        "en": "This file is not UTF-8 (found {0}): save it as UTF-8.",
        "ar": "هذا الملف ليس بترميز UTF-8 (وُجد {0}): احفظه بترميز UTF-8.",
        "ru": "Этот файл не в UTF-8 (найдено {0}): сохраните его в UTF-8.",
    },
    "line-length": {
        "en": "A line of {0} bytes is too long to be read (the limit is {1}): break it up, or is this the wrong file?",
        "ar": "سطر من {0} بايت أطول من أن يُقرأ (الحد {1}): قسّمه، أو لعله ليس الملف المقصود.",
        "ru": "Строка в {0} байт слишком длинна (предел {1}): разбейте её — или это не тот файл?",
    },
    "prefix": {
        "en": "{0}: this prefix stands for something else everywhere else. Write {1}, or take another prefix.",
        "ar": "{0}: لهذه البادئة معنى آخر في كل مكان سواه. اكتب {1} أو خذ بادئة أخرى.",
        "ru": "{0}: этот префикс везде означает другое. Напишите {1} или возьмите другой префикс.",
    },
    "unknown-term": {
        "en": "There is no term {0}. {1}",
        "ar": "لا يوجد مصطلح {0}. {1}",
        "ru": "Термина {0} нет. {1}",
    },
    "term-role": {
        "en": "{0} is a term, but not one that can stand here (a property between two things, a class after “a”). {1}",
        "ar": "{0} مصطلح، لكنه لا يقع في هذا الموضع (الخاصية بين شيئين، والفئة بعد “a”). {1}",
        "ru": "{0} — термин, но не для этого места (свойство между двумя вещами, класс после “a”). {1}",
    },
    "misspelt-namespace": {
        "en": "No vocabulary has the IRI of {0}. {1}",
        "ar": "لا توجد مفردات بمعرّف {0}. {1}",
        "ru": "Словаря с IRI, как у {0}, нет. {1}",
    },
    "unknown-thing": {
        "en": "Something is said about {0}, which is declared nowhere: correct its IRI or give it a kind (a …). {1}",
        "ar": "يقال أمر عن {0} وهو غير معرَّف في أي موضع: صحح معرّفه أو اذكر نوعه (a …). {1}",
        "ru": "Что-то сказано о {0}, но нигде не объявлено, что это: исправьте IRI или укажите вид (a …). {1}",
    },
    "dangling-reference": {
        "en": "There is no {0}: correct the IRI or add the thing. {1}",
        "ar": "لا وجود لـ {0}: صحح المعرّف أو أضف الشيء. {1}",
        "ru": "{0} нигде нет: исправьте IRI или добавьте эту вещь. {1}",
    },
    "language-tag": {
        "en": "{0} is no language tag: use the code of the language in ISO 639-1. {1}",
        "ar": "{0} ليس وسم لغة: استعمل رمز اللغة في ISO 639-1. {1}",
        "ru": "{0} — не языковой тег: возьмите код языка по ISO 639-1. {1}",
    },
    "lexical-form": {
        "en": "{0} is no {1}: correct the value or its datatype.",
        "ar": "{0} ليس قيمة من النوع {1}: صحح القيمة أو نوعها.",
        "ru": "{0} — не {1}: исправьте значение или его тип.",
    },
    "calendar": {
        "en": "{0} is written like a date but the calendar has no such day, or its range runs backwards: check day and month, and write the earlier bound first.",
        "ar": "{0} مكتوب كتاريخ لكن لا يوم كهذا في التقويم، أو أن المدى معكوس: تحقق من اليوم والشهر واكتب الحد الأبكر أولاً.",
        "ru": "{0} написано как дата, но такого дня в календаре нет, или промежуток идёт вспять: проверьте день и месяц и напишите сначала раннюю границу.",
    },
}
_MEANT: Final = {"en": "Did you mean {0}?", "ar": "هل تقصد {0}؟", "ru": "Может быть, {0}?"}
_ADD: Final = {"en": "Add: {0}", "ar": "أضف: {0}", "ru": "Добавьте: {0}"}
#: These two take the hint as it stands; the others ask “Did you mean …?”.
_PLAIN_HINT: Final = ("lexical-form", "prefix", "line-length")


def check_result(
    check: str,
    values: Iterable[str],
    *,
    focus: str,
    path: str | None,
    value: str | None,
    place: Place | None,
    term: str | None = None,
) -> Result:
    """Return the result of a check of our own, with its messages in every language."""
    found, hint = [*values, "", ""][:2]
    messages = {}
    for language, template in CHECKS[check].items():
        if check == "undeclared-prefix":
            said = _prefix_hint(found, language)
        elif hint and check not in _PLAIN_HINT:
            said = _MEANT[language].format(hint)
        else:
            said = hint
        messages[language] = template.format(found, said).strip()
    shape = f"{SHAPES_NAMESPACE}check-{check}"
    return Result(focus, path, value, "Violation", shape, "Check", messages, None, place, term)


def with_hint(messages: dict[str, str], hint: str) -> dict[str, str]:
    """Return messages that end with “Did you mean …?” in their language; as they are where there is no hint."""
    if not hint:
        return messages
    return {
        language: f"{text} {_MEANT[language].format(hint)}" if language in _MEANT else text
        for language, text in messages.items()
    }


def _prefix_hint(prefix: str, language: str) -> str:
    from difflib import get_close_matches

    if prefix in PREFIXES:
        return _ADD[language].format(f"PREFIX {prefix}: <{PREFIXES[prefix]}>")
    near = get_close_matches(prefix, PREFIXES, n=1)
    return _MEANT[language].format(f"{near[0]}:") if near else ""


def wanted(result: Result, language: str, name: str | None) -> str | None:
    """Return what the constraint asks for in words, or None where only the message can say it.

    Args:
        result: whose constraint.
        language: of the words.
        name: the parameter as a person reads it.
    """
    templates = WANTED.get(result.component.removesuffix("ConstraintComponent"))
    if templates is None or name is None:
        return None
    chosen = next(templates[each] for each in (language, *FALLBACK) if each in templates)
    return chosen.format(name)
