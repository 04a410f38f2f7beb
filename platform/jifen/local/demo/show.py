"""What the newcomer reads when the district stands: how much there is, how long it took, where to sign in."""

from typing import Any

from rich.console import Console
from rich.table import Table

from jifen.local.demo.plan import PASSWORD

ROWS = (
    ("towns", "镇"),
    ("villages", "村（居）"),
    ("households", "户"),
    ("residents", "人"),
    ("declarations", "登记"),
    ("photos", "其中有照片"),
    ("entries", "台账分录"),
    ("redemptions", "兑换"),
    ("notices", "公示"),
    ("objections", "异议"),
)
LOGINS = (
    ("平台运营方", "", "/provider/", "provider"),
    ("区级办公室", "", "/district/", "district"),
    ("镇级办公室（川沙新镇）", "chuansha", "/office/", "office"),
    ("镇级办公室（树人镇）", "shuren", "/office/", "office"),
    ("镇级办公室（清溪镇）", "qingxi", "/office/", "office"),
    ("积分管理员", "shuren", "/village/", "steward"),
    ("审核委员（另有 committee2 至 4）", "shuren", "/village/", "committee"),
    ("审核委员（没有在审核表上签字，调查异议）", "shuren", "/village/", "committee5"),
    ("监督员", "shuren", "/village/", "supervisor"),
    ("村民", "shuren", "/", "resident"),
    ("合作商店", "", "/shop/", "shop"),
)


def table(result: dict[str, Any], seconds: float) -> None:
    console = Console()
    counts = Table(title="示范区（建成时）" if result.get("kept") else "示范区", show_header=False)
    for key, label in ROWS:
        counts.add_row(label, f"{result[key]:,}")
    console.print(counts)
    stages = Table("阶段", "秒", title="建造时的用时" if result.get("kept") else "用时")
    for name, value in result["stages"].items():
        if f"{value:.1f}" != "0.0":
            stages.add_row(name, f"{value:.1f}")
    stages.add_row("其中这一年", f"{result['seconds']:.1f}", style="bold")
    console.print(stages)
    console.print(f"本次启动用时 {seconds:.1f} 秒。")


def addresses(domain: str, port: int) -> None:
    """Plain lines: an address that a narrow terminal cuts off is of no use."""
    print(f"\n登录（密码都是 {PASSWORD}）：")
    for who, host, path, username in LOGINS:
        name = f"{host}.{domain}" if host else domain
        print(f"  {who}\n    http://{name}:{port}{path}    账号 {username}")
    print("\n按 Ctrl-C 停止；数据会保留，下次 make demo 直接开放访问。", flush=True)
