"""The copied front-end files: a named list, and a clear word when a name is wrong."""

from pathlib import Path

import pytest

from jifen.local import assets


def test_every_named_file_has_been_copied() -> None:
    missing = [target for target in assets.FILES.values() if not (assets.VENDOR / target).is_file()]
    assert missing == []


def test_the_sprite_has_every_named_icon() -> None:
    sprite = (assets.VENDOR / "tabler-icons" / "sprite.svg").read_text(encoding="utf-8")
    assert [name for name in assets.ICONS if f'id="{name}"' not in sprite] == []


def test_an_unknown_icon_is_named(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="no-such-icon"):
        assets.icon_symbol(tmp_path / "no-such-icon.svg")


def test_a_package_without_a_named_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets, "ROOT", tmp_path)
    monkeypatch.setattr(assets, "VENDOR", tmp_path / "vendor")
    with pytest.raises(SystemExit, match=r"echarts\.min\.js"):
        assets.copy_files()


def test_no_package_named_platform_hides_the_standard_library() -> None:
    assert not (assets.ROOT / "platform" / "__init__.py").exists()
