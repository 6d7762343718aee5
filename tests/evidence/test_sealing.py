from hypothesis import given
from hypothesis import strategies as st

from evidence import sealing

leaves = st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=40)


@given(leaves)
def test_streamed_root_equals_the_recursive_definition(values: list[bytes]) -> None:
    def recursive(part: list[bytes]) -> bytes:
        if len(part) == 1:
            return part[0]
        k = 1
        while k * 2 < len(part):
            k *= 2
        return sealing._node(recursive(part[:k]), recursive(part[k:]))

    assert sealing.merkle_root(values) == recursive(values)


@given(leaves, st.data())
def test_each_leaf_is_proved_and_no_other_value_is(values: list[bytes], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(values) - 1))
    proof = sealing.inclusion_proof(values, index)
    root = sealing.merkle_root(values)
    assert sealing.root_from_proof(values[index], index, len(values), proof) == root
    other = bytes(32) if values[index] != bytes(32) else b"\x01" * 32
    assert sealing.root_from_proof(other, index, len(values), proof) != root


def test_the_root_of_nothing_is_the_hash_of_nothing() -> None:
    assert sealing.merkle_root([]).hex().startswith("e3b0c442")


def test_a_leaf_depends_on_salt_number_and_text() -> None:
    one = sealing.leaf_hash(bytes(16), 0, b"a")
    assert len({one, sealing.leaf_hash(b"\1" * 16, 0, b"a"), sealing.leaf_hash(bytes(16), 1, b"a")}) == 3


def test_canonical_text_is_sorted_and_keeps_characters() -> None:
    assert sealing.canonical({"b": "赟😡", "a": [1, None]}) == '{"a":[1,null],"b":"赟😡"}'


def test_a_lone_surrogate_and_a_huge_integer_do_not_stop_the_log() -> None:
    assert sealing.canonical({"a": "\ud83d", "b": 2**70}) == '{"a":"\ufffd","b":1180591620717411303424}'
