"""Ways in which a file of an export can be spoiled, each drawn from a generator of its own seed."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import json
import re
import zipfile
from collections.abc import Callable
from random import Random
from typing import Any
from xml.sax.saxutils import escape

LOUD = [
    b",", b'"', b"\n", b"\r", b"\0", b"\xff", b"-", b"9", b"", b"true", b"\xef\xbb\xbf", b"1/1/1", b" ", b"{", b"}",
    b"[", b"]", b":", b"null", b"1e999", b"\\ud800", b"\t", b";", b"PK\x03\x04", b"\x1f\x8b", b"<", b">", b"</", b"/>",
    b"&amp;", b"&x;", b"<!DOCTYPE a [<!ENTITY x 'y'>]>", b"<![CDATA[", b"<!--", b"PAR1", b"\xc3", b"\xed\xa0\x80",
    b"\xff\xfe", b"\x0b", b"\x1c", b"\xe2\x80\xa8", b"9" * 400, b"[" * 2000, b'{"a":' * 2000, b"=", b"'",
]  # fmt: skip

HARD = [
    "", " ", "NaN", "nan", "inf", "-inf", "1e999", "1e308", "-1e308", "0", "-0", "-1", "0.5",
    "1_000", "9" * 400, "null", "None", "true",
    "False", "١٢", "é", "😀", "‮", "\u2028", "\x0b", "\x1c", "\x85", "\x00", "a" * 10_000, '"', '""', "'", ",", ";",
    "\t", "\n", "\r\n", "[]", "{}", "[1, 2", "<a/>", "&lt;", "=1+1", "2026-02-30T00:00:00Z", "2026-01-05", "09:00",
    "1969-12-31T23:59:59Z", "1970-01-01T00:00:00Z", "2000-01-01T00:00:00Z", "2099-12-31T23:59:59.999Z",
    "2100-01-01T00:00:00Z", "2262-04-12T00:00:00Z", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z",
    "0000-00-00T00:00:00",
    "2026-01-05T09:00:00+99:99", "2026-01-05T24:00:00Z", "2026-01-05T09:00:60Z", "2026-01-05 09:00:00.123456789123Z",
    "1767603600", "253402300800000", "0000000000000", "12/24/2012 13:41:45", "13/24/2012 1:1",
    "Wed Oct 25 06:27:55 IST 2017",
    "Wed Feb 30 06:27:55 PDT 2017", "1 12 2020", "ACTIVE", "EXPIRED", "skipped", "RETURNED", "w0", "w1",
]  # fmt: skip
"""Values that readers have stumbled over, or may."""

STAMP = re.compile(rb"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?Z?")
ELEMENT = re.compile(r"<event>.*?</event>|<[^<>]*>|[^<]+|<", re.DOTALL)
VALUE = re.compile(r'"([^"]*)"')
UNSPEAKABLE = re.compile(r"[^\t\n\r -\ud7ff]")
TOKEN = re.compile(rb"<[^<>]*>|[A-Za-z0-9_.:+-]+|\s+|.", re.DOTALL)


def value(rng: Random) -> str:
    """A value of the hard ones, or a few signs of any kind."""
    if rng.random() < 0.8:
        return rng.choice(HARD)
    return "".join(chr(rng.choice([rng.randrange(128), rng.randrange(0xD800)])) for _ in range(rng.randrange(1, 9)))


def spoiled_bytes(data: bytes, rng: Random) -> bytes:
    """Spans replaced, removed or put in."""
    for _ in range(rng.randint(1, 5)):
        at = rng.randint(0, len(data))
        put = rng.choice([rng.choice(LOUD), rng.choice(LOUD), bytes([rng.randrange(256)])])
        data = data[:at] + put + data[at + rng.choice([0, 0, 1, 2, 7, 60]) :]
    return data


def cut(data: bytes, rng: Random) -> bytes:
    """The beginning, or the end, of the file."""
    at = rng.randint(0, len(data))
    return data[:at] if rng.random() < 0.8 else data[at:]


def shuffled_lines(data: bytes, rng: Random) -> bytes:
    """Lines doubled, taken out, swapped, emptied, and other ends of lines."""
    lines = data.split(b"\n")
    for _ in range(rng.randint(1, 4)):
        a, b = rng.randrange(len(lines)), rng.randrange(len(lines))
        way = rng.randrange(5)
        if way == 0:
            lines.insert(b, lines[a])
        elif way == 1 and len(lines) > 1:
            del lines[a]
        elif way == 2:
            lines[a], lines[b] = lines[b], lines[a]
        elif way == 3:
            lines[a] = b""
        else:
            lines[a] = lines[a][: len(lines[a]) // 2] + lines[b][len(lines[b]) // 2 :]
    return rng.choice([b"\n", b"\n", b"\n", b"\r\n", b"\r"]).join(lines)


def spoiled_tokens(data: bytes, rng: Random) -> bytes:
    """Words, tags and stamps replaced, doubled, taken out or swapped."""
    tokens = TOKEN.findall(data)
    for _ in range(rng.randint(1, 4)):
        if not tokens:
            break
        a, b = rng.randrange(len(tokens)), rng.randrange(len(tokens))
        way = rng.randrange(4)
        if way == 0:
            tokens[a] = value(rng).encode("utf-8", "replace")
        elif way == 1:
            tokens[a] = tokens[b]
        elif way == 2:
            tokens[a], tokens[b] = tokens[b], tokens[a]
        else:
            del tokens[a]
    return b"".join(tokens)


def spoiled_stamps(data: bytes, rng: Random) -> bytes:
    """Every stamp, or some, another."""
    share, put = rng.choice([0.1, 0.5, 1.0]), value(rng).encode("utf-8", "replace")
    same = rng.random() < 0.5
    return STAMP.sub(
        lambda found: (put if same else value(rng).encode("utf-8", "replace")) if rng.random() < share else found[0],
        data,
    )


def spoiled_cells(data: bytes, rng: Random) -> bytes:
    """A table with other cells or columns, still a table: renamed, doubled, reordered, ragged, with another mark."""
    text = data.decode("utf-8", "replace")
    mark = "\t" if "\t" in text.partition("\n")[0] else ","
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=mark))
    except csv.Error:
        return data
    rows = [row for row in rows if row]
    if not rows:
        return data
    for _ in range(rng.randint(1, 4)):
        _spoil_table(rows, rng)
    out = io.StringIO(newline="")
    mark = rng.choice([mark, mark, ",", ";", "\t"])
    end = rng.choice(["\n", "\n", "\r\n"])
    csv.writer(
        out, delimiter=mark, quoting=rng.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]), lineterminator=end
    ).writerows(rows)
    return out.getvalue().encode("utf-8", "replace")


def _spoil_table(rows: list[list[str]], rng: Random) -> None:
    width = len(rows[0])
    column, row = rng.randrange(max(width, 1)), rng.choice(rows[1:] or rows)
    way = rng.choice([0, 0, 0, 0, 0, 3, 3, 4, 5, 6, 7])
    if way == 0 and row:
        row[rng.randrange(len(row))] = value(rng)
    elif way == 3:
        put = value(rng)
        for one in rows[1:]:
            if column < len(one):
                one[column] = put if rng.random() < 0.7 else value(rng)
    elif way == 4:
        for one in rows:
            if column < len(one):
                one.insert(rng.randint(0, len(one)), one[column])
    elif way == 5:
        for one in rows:
            if column < len(one) and len(one) > 1:
                del one[column]
    elif way == 6:
        order = rng.sample(range(width), width)
        for one in rows:
            one[:] = [one[place] for place in order if place < len(one)]
    elif row:
        row.append(value(rng)) if rng.random() < 0.5 else row.pop()


def spoiled_elements(data: bytes, rng: Random) -> bytes:
    """XML with other values of attributes, and elements doubled, taken out and swapped, still XML."""
    parts = ELEMENT.findall(data.decode("utf-8", "replace"))
    inner = [place for place, part in enumerate(parts) if part.startswith("<event>") or part.endswith("/>")]
    for _ in range(rng.randint(1, 4) if inner else 0):
        a, b = rng.choice(inner), rng.choice(inner)
        way = rng.choice([0, 0, 0, 0, 1, 2, 3])
        if way == 0:
            found = list(VALUE.finditer(parts[a]))
            at = rng.choice(found) if found else None
            put = escape(UNSPEAKABLE.sub("", value(rng)), {'"': "&quot;", "\n": "&#10;"})
            parts[a] = parts[a] if at is None else f"{parts[a][: at.start(1)]}{put}{parts[a][at.end(1) :]}"
        elif way == 1:
            parts[a] = parts[b]
        elif way == 2:
            parts[a], parts[b] = parts[b], parts[a]
        else:
            parts[a] = rng.choice(["", parts[a] * 2, f"<trace>{parts[a]}</trace>", f"<list key='a'>{parts[a]}</list>"])
    return "".join(parts).encode("utf-8", "replace")


def spoiled_nodes(data: bytes, rng: Random) -> bytes:
    """JSON, whole or by lines, with other nodes, still JSON."""
    text = data.decode("utf-8", "replace")
    lines = text.startswith("{") and text.count("\n") > 1
    try:
        records = [json.loads(line) for line in text.splitlines() if line] if lines else json.loads(text)
    except (ValueError, RecursionError):
        return data
    for _ in range(rng.randint(1, 3)):
        _spoil_node(records, rng)
    if lines and isinstance(records, list):
        return "".join(json.dumps(one) + "\n" for one in records).encode()
    return json.dumps(records, ensure_ascii=rng.random() < 0.5).encode("utf-8", "replace")


def _spoil_node(records: Any, rng: Random) -> None:
    if not isinstance(records, dict | list):  # a number alone is JSON, too
        return
    holder, steps = records, rng.randint(0, 8)
    for _ in range(steps):
        inner = list(holder.values()) if isinstance(holder, dict) else holder
        inner = [one for one in inner if isinstance(one, dict | list) and one]
        if not inner:
            break
        holder = rng.choice(inner)
    keys = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
    if not keys:
        return
    key, way = rng.choice(keys), rng.randrange(6)
    if way <= 2:
        holder[key] = node(rng)
    elif way == 3:
        del holder[key]
    elif way == 4 and isinstance(holder, dict):
        holder[value(rng)] = holder.pop(key)
    else:
        other = holder[rng.choice(keys)]
        holder[key] = json.loads(json.dumps(other))


def node(rng: Random, depth: int = 0) -> Any:
    """Any value of JSON, and those that Python writes beyond it."""
    way = rng.randrange(9 if depth < 3 else 6)
    if way == 0:
        return rng.choice([None, True, False])
    if way == 1:
        return rng.choice([0, -1, 1, 10**18, 10**400, 2**63, 1767603600, 1767603600123])
    if way == 2:
        return rng.choice([0.0, -0.0, 1e308, float("nan"), float("inf"), float("-inf"), 1e-320, 36.5])
    if way in (3, 4, 5):
        return rng.choice(["\ud800", value(rng), value(rng)])
    if way == 6:
        return [node(rng, depth + 1) for _ in range(rng.randrange(4))]
    return {value(rng) if rng.random() < 0.5 else "id": node(rng, depth + 1) for _ in range(rng.randrange(4))}


def recoded(data: bytes, rng: Random) -> bytes:
    """The text in another encoding, with or without its mark."""
    text = data.decode("utf-8", "replace")
    name = rng.choice(
        ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "latin-1", "utf-32", "cp1252", "utf-7", "cp037"]
    )
    out = text.encode(name, "replace")
    return codecs.BOM_UTF16_BE + out if name == "utf-16-be" and rng.random() < 0.5 else out


MUTATIONS: dict[str, Callable[[bytes, Random], bytes]] = {
    "bytes": spoiled_bytes, "cut": cut, "lines": shuffled_lines, "tokens": spoiled_tokens, "stamps": spoiled_stamps,
    "cells": spoiled_cells, "nodes": spoiled_nodes, "elements": spoiled_elements, "encoding": recoded,
}  # fmt: skip


def packed(data: bytes, rng: Random) -> bytes:
    """The file in gzip or in a zip archive beside others, sound or spoiled."""
    if rng.random() < 0.5:
        out = gzip.compress(data, compresslevel=1, mtime=0)
        if rng.random() < 0.2:
            out += gzip.compress(data[: rng.randint(0, len(data))], compresslevel=1, mtime=0)
    else:
        out = archived({rng.choice(["a.csv", "b/c.json", "worker-response/x/0/1.json", "../é", "a" * 300]): data}, rng)
    return rng.choice([lambda one, _: one, lambda one, _: one, spoiled_bytes, cut])(out, rng)


def archived(members: dict[str, bytes], rng: Random) -> bytes:
    """A zip archive of these, and maybe of one that is none of ours."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", rng.choice([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 5, 9, 0, 0)), content)
        if rng.random() < 0.2:
            archive.writestr(
                zipfile.ZipInfo("readme.txt", (2026, 1, 5, 9, 0, 0)), value(rng).encode("utf-8", "replace")
            )
    return out.getvalue()
