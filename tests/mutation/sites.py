"""Finds the places of a C++ source where a small change can be made that compiles: comparisons, conditions, numbers,
statements. Works on text, with comments and literals blanked out; what does not compile is sorted out by the compiler."""
import re
from dataclasses import dataclass

SWAPS = [(" < ", " <= "), (" <= ", " < "), (" > ", " >= "), (" >= ", " > "), (" == ", " != "), (" != ", " == "),
         (" && ", " || "), (" || ", " && "), (" + ", " - "), (" - ", " + "), (" * ", " / "), (" / ", " * "),
         ("std::min(", "std::max("), ("std::max(", "std::min("), ("true", "false"), ("false", "true")]
NO_STATEMENT = re.compile(r"(return|const|auto|using|case|if|for|while|else|do|break|continue|static|constexpr|throw|"
                          r"namespace|struct|class|enum|template|friend|default|switch|public|private|assert)\b")


@dataclass(frozen=True)
class Mutant:
    file: str
    start: int  # of the region in the file that is written anew
    end: int
    kind: str  # "value", "condition", "statement" or "constant"
    text: str  # what the region becomes, were the mutant alive
    what: str  # for people: "a < b" -> "a <= b"
    line: int


def blank(text):
    """The text with comments and the insides of literals as spaces, so that offsets stay."""
    pattern = r'//[^\n]*|/\*.*?\*/|R"\w*\(.*?\)\w*"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'|^#[^\n]*'
    keep = lambda m: re.sub(r"[^\n]", " ", m[0]) if m[0][0] in "/#" else '"' + re.sub(r"[^\n]", "_", m[0][1:-1]) + '"'
    masked = re.sub(r"(?<=\d)'(?=\d)", "_", text)  # 1'000
    return re.sub(pattern, keep, masked, flags=re.S | re.M)


def closing(masked, opening):
    depth = 0
    for i in range(opening, len(masked)):
        if masked[i] in "([{":
            depth += 1
        elif masked[i] in ")]}":
            depth -= 1
            if depth == 0:
                return i
    return len(masked)


def split_top(masked, start, end, mark):
    parts, depth, last = [], 0, start
    for i in range(start, end):
        if masked[i] in "([{":
            depth += 1
        elif masked[i] in ")]}":
            depth -= 1
        elif masked[i] == mark and depth == 0:
            parts.append((last, i))
            last = i + 1
    return parts + [(last, end)]


def assigns(expression):
    return re.search(r"(?<![=!<>+\-*/|&^%])=(?!=)", expression) is not None


def regions(masked, text):
    """(start, end, is_condition) of expressions that stand for themselves."""
    found = []
    for m in re.finditer(r"\b(if|while|for) \(", masked):
        begin, end = m.end(), closing(masked, m.end() - 1)
        parts = split_top(masked, begin, end, ";")
        if m[1] == "for" and len(parts) != 3:
            continue
        start, stop = parts[1] if m[1] == "for" else parts[-1]
        found.append((start, stop, True))
    for m in re.finditer(r"\breturn ([^;{}\[\]]+);", masked):
        found.append((m.start(1), m.end(1), False))
    for m in re.finditer(r"(?<![=!<>])= ([^;{}\[\]=]+(?:[=!<>]=[^;{}\[\]=]+)*);", masked):
        if not re.search(r"\bconstexpr\b", masked[masked.rfind("\n", 0, m.start()) + 1:m.start()]):
            found.append((m.start(1), m.end(1), False))
    strip = lambda s, e: (s + len(masked[s:e]) - len(masked[s:e].lstrip()), e - (len(masked[s:e]) - len(masked[s:e].rstrip())))
    found = [(*strip(s, e), c) for s, e, c in found]
    found = [(s, e, c) for s, e, c in found if e > s and not assigns(masked[s:e]) and '"' != masked[s:e][0]]
    found = [r for r in found if "//" not in text[r[0]:r[1]]]
    return [r for r in found if not any(o is not r and o[0] >= r[0] and o[1] <= r[1] for o in found)]


def changes(masked, text, start, end, is_condition):
    for old, new in SWAPS:
        for m in re.finditer(re.escape(old) if not old.isalpha() else rf"\b{old}\b", masked[start:end]):
            yield text[start:start + m.start()] + new + text[start + m.end():end], f"{old.strip()} -> {new.strip()}"
    for m in re.finditer(r"(?<![\w.<])(\d[\d_]*)(?![\w.>])", masked[start:end]):
        yield (text[start:start + m.start()] + str(int(m[1].replace("_", "")) + 1) + text[start + m.end():end],
               f"{m[1].replace('_', '')} -> {int(m[1].replace('_', '')) + 1}")
    for m in re.finditer(r"(?<![\w)])!(?=[\w(])", masked[start:end]):
        yield text[start:start + m.start()] + text[start + m.end():end], "! taken away"
    if is_condition:
        yield f"!({text[start:end]})", "condition negated"


def mutants(file, text):
    masked = blank(text)
    line_of = lambda offset: text.count("\n", 0, offset) + 1
    for start, end, is_condition in regions(masked, text):
        for changed, what in changes(masked, text, start, end, is_condition):
            kind = "condition" if is_condition else "value"
            yield Mutant(file, start, end, kind, " ".join(changed.split()), what, line_of(start))
    for m in re.finditer(r"^ {2,}((?:\+\+|--)?[\w:>.\-*\[\]()]+(?:\(.*\)| [+\-|&]?= .*|\+\+|--|))(;)$", masked, re.M):
        if NO_STATEMENT.match(m[1]) or " " in re.split(r"[(=]", m[1])[0].rstrip(" +-|&") or "{" in m[1]:
            continue
        if m[1].count("(") != m[1].count(")") or re.fullmatch(r"[\w:]+", m[1]):
            continue
        before = masked[:m.start()].rstrip()
        if before and before[-1] not in ";{}:)":
            continue  # the end of a longer statement
        yield Mutant(file, m.start(1), m.end(2), "statement", ";", "statement left out", line_of(m.start(1)))
    for m in re.finditer(r"^constexpr ([\w:]+) (\w+) = ([^;{}\[\]]+);", masked, re.M):
        yield Mutant(file, m.start(), m.end(), "constant", f"{m[1]} {m[2]} = {text[m.start(3):m.end(3)]}",
                     f"{m[2]} + 1", line_of(m.start()))


def with_mutants(text, chosen):
    """The text with every one of `chosen`, (number, Mutant), compiled in. Lines stay where they are."""
    by_region = {}
    for number, mutant in chosen:
        by_region.setdefault((mutant.start, mutant.end, mutant.kind), []).append((number, mutant))
    for (start, end, kind), group in sorted(by_region.items(), reverse=True):
        original = text[start:end]
        if kind == "statement":
            new = f"if (!JUNCTION_MUTANT({group[0][0]})) {original}"
        elif kind == "constant":
            new = re.sub(r"^constexpr (.*) = (.*);$", rf"const \1 = (JUNCTION_MUTANT({group[0][0]}) ? (\2) + 1 : (\2));",
                         original, flags=re.S)
        else:
            whole = "static_cast<bool>({})" if kind == "condition" else "({})"
            new = "(" + "".join(f"JUNCTION_MUTANT({n}) ? {whole.format(m.text)} : " for n, m in group)
            new += whole.format(original) + ")"
        text = text[:start] + new + text[end:]
    return text
