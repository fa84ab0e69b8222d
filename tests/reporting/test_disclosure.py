"""What may be told by a shown number, for any items, cell keys and base."""

from statistics import mean

from hypothesis import given
from hypothesis import strategies as st

from reporting.disclosure import ALL, Group, in_words, share, shown, suppress, together
from store.tables import CELL_KEYS

bases = st.integers(3, 50)
keys = st.integers(0, CELL_KEYS - 1)
items = st.lists(keys, max_size=120)


def of(found: list[int]) -> Group:
    return Group(len(found), sum(found))


@given(items, bases)
def test_a_shown_number_is_a_multiple_of_the_base_less_than_a_base_away(found, base):
    number = shown(of(found), base)
    if len(found) < base:
        assert number is None
    else:
        assert number is not None and number % base == 0 and number >= base
        assert abs(number - len(found)) < base


@given(st.data(), items, bases)
def test_the_same_items_give_the_same_number_however_they_are_added_up(data, found, base):
    mixed = data.draw(st.permutations(found))
    cut = data.draw(st.integers(0, len(mixed)))
    assert shown(of(mixed[:cut]).with_(of(mixed[cut:])), base) == shown(of(found), base)


@given(st.integers(0, 300), st.sampled_from([4, 5, 10, 20, 50]))
def test_on_average_nothing_is_added_or_lost(over, base):
    n = base + over
    # every remainder of the keys' sum is equally likely; these stand evenly among them
    numbers = [shown(Group(n, key), base) for key in range(0, CELL_KEYS, CELL_KEYS // 1000)]
    assert mean(numbers) == n


@given(items, items, bases)
def test_the_difference_of_a_set_and_a_larger_one_never_counts_a_few_people(inner, more, base):
    small, large = shown(of(inner), base), shown(of(inner + more), base)
    if small is not None and large is not None:
        assert abs(large - small) not in range(1, base)


@given(items, items, bases)
def test_a_share_is_made_of_shown_numbers_only(part, rest, base):
    few, many = of(part), of(part + rest)
    told = share(shown(few, base), shown(many, base))
    if few.n < base or many.n < base:
        assert told is None
    else:
        assert told == min(100, round(100 * shown(few, base) / shown(many, base)))


def test_nothing_and_a_few_look_the_same():
    assert {in_words(shown(Group(n, 7 * n), 5), 5) for n in range(5)} == {"fewer than 5"}
    assert in_words(shown(Group(1250, 3), 5), 5) == "1,250"


tables = st.dictionaries(
    st.tuples(*(st.sampled_from(["a", "b", "c"]) for _ in range(5))),
    st.builds(Group, st.integers(1, 30), keys),
    max_size=25,
)


@given(tables, st.integers(3, 10))
def test_merged_cells_are_large_hold_each_item_once_and_leave_out_only_small_rests(found, base):
    rows = suppress(found, base)
    assert all(group.n >= base for _key, group in rows)
    assert len({key for key, _group in rows}) == len(rows)
    for first in {key[0] for key in found}:
        there = together(group for key, group in found.items() if key[0] == first)
        kept = together(group for key, group in rows if key[0] == first)
        assert there.n - kept.n in range(base)
    for key, _group in rows:
        if key in found or key[-1] != ALL:
            continue
        # a merged group is merged as a whole: none of its cells stands apart with the same start
        start = key[: key.index(ALL)]
        apart = [k for k, _g in rows if k[: len(start)] == start and ALL not in k]
        members = [k for k in found if k[: len(start)] == start]
        assert set(apart) <= set(members) and len(apart) < len(members)


@given(tables, st.integers(3, 10))
def test_cells_that_are_all_large_are_left_as_they_are(found, base):
    large = {key: Group(group.n + base, group.keys) for key, group in found.items()}
    assert dict(suppress(large, base)) == large
