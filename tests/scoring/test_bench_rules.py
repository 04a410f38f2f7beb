"""``jifen bench rules``: both sides give the same points, and the figures say what they are."""

from scoring import bench_rules


def test_both_sides_award_the_same_and_the_ratio_is_of_their_rates() -> None:
    found = bench_rules.rules(600)
    assert (found["bench"], found["n"], found["items"]) == ("rules", 600, 80)
    assert found["ours"] > 0
    assert abs(found["ours"] / found["baseline"] - found["ratio"]) < 0.01


def test_caps_and_what_looks_back_really_bite_in_the_bench() -> None:
    book, deeds = bench_rules.rulebook(), bench_rules.made_up(600)
    priced = [item.award.points for item in bench_rules.candidates(book, deeds)]
    awarded = bench_rules.ours(book, deeds)
    assert sum(one != other for one, other in zip(priced, awarded, strict=True)) > 60
