"""Light HTML and right-to-left isolation."""

import html
import re

from hypothesis import given
from hypothesis import strategies as st

from content.markup import LRI, PDI, isolate, to_html, to_text


def test_markdown_becomes_what_telegram_shows():
    assert to_html("**Go** now\n\n1. one\n2. two\n\n- a\n- b & c") == (
        "<b>Go</b> now\n\n1. one\n2. two\n\n• a\n• b &amp; c"
    )


def test_phone_numbers_names_and_links_are_isolated_in_arabic_script():
    shown = isolate("اتصلوا على 122 أو +387 33 955 200 عند IOM", "ar")
    assert shown == (f"اتصلوا على {LRI}122{PDI} أو {LRI}+387 33 955 200{PDI} عند {LRI}IOM{PDI}")


def test_list_numbers_and_left_to_right_languages_stay_bare():
    assert isolate("1. قف\n2. لا تتحرك", "ar") == "1. قف\n2. لا تتحرك"
    assert isolate("2. SFA می‌دهد", "fa") == f"2. {LRI}SFA{PDI} می‌دهد"  # the number stays outside
    assert isolate("Call 122", "fr") == "Call 122"


def test_what_is_isolated_already_and_tags_are_left_alone():
    once = isolate('<a href="https://x.org/1">IOM</a> 5', "fa")
    assert once == f'<a href="https://x.org/1">{LRI}IOM{PDI}</a> {LRI}5{PDI}'
    assert isolate(once, "fa") == once


texts = st.text(st.sampled_from("اب پ۵ 12+-.,:/()abZš\n<>&\u200c*_#[]`1."), max_size=80)


@given(texts)
def test_isolation_only_adds_balanced_isolates(text):
    shown = isolate(html.escape(text, quote=False), "ur")
    assert shown.replace(LRI, "").replace(PDI, "") == html.escape(text, quote=False)
    depth = 0
    for c in shown:
        depth += (c == LRI) - (c == PDI)
        assert 0 <= depth <= 1


@given(texts)
def test_any_text_becomes_balanced_html_with_allowed_tags_only(text):
    stack = []
    for end, name in re.findall(r"<(/?)([a-z]+)", to_html(text)):
        assert name in ("b", "i", "a", "code")
        if end:
            assert stack.pop() == name
        else:
            stack.append(name)
    assert stack == []


@given(st.text(max_size=80))
def test_plain_text_comes_back_from_escaped_html(text):
    assert to_text(html.escape(text, quote=False)) == text
