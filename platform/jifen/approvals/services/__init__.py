"""Everything that can be done with flows and items: keyword-only, each one transaction, one word, one audit line."""

from jifen.approvals.services.adding import add, claim, release, remove, transfer
from jifen.approvals.services.deciding import PaperWord, decide, decide_many, decide_on_paper, take_back
from jifen.approvals.services.due import bring_back, escalate, look, sweep
from jifen.approvals.services.flows import activate, active_flow, install, move, save
from jifen.approvals.services.moving import preview_move
from jifen.approvals.services.returning import jump, send_back, suspend, wake
from jifen.approvals.services.standing_in import HandedOver, delegate, hand_over, revoke
from jifen.approvals.services.starting import end_with, hold_returned, resubmit, start, terminate, withdraw
from jifen.approvals.services.talking import answer, ask, comment, copy, mark_read, pass_on_questions, remind

__all__ = [
    "HandedOver",
    "PaperWord",
    "activate",
    "active_flow",
    "add",
    "answer",
    "ask",
    "bring_back",
    "claim",
    "comment",
    "copy",
    "decide",
    "decide_many",
    "decide_on_paper",
    "delegate",
    "end_with",
    "escalate",
    "hand_over",
    "hold_returned",
    "install",
    "jump",
    "look",
    "mark_read",
    "move",
    "pass_on_questions",
    "preview_move",
    "release",
    "remind",
    "remove",
    "resubmit",
    "revoke",
    "save",
    "send_back",
    "start",
    "suspend",
    "sweep",
    "take_back",
    "terminate",
    "transfer",
    "wake",
    "withdraw",
]
