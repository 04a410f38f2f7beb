"""Mounted in every town."""

from jifen.api.routing import town_router
from jifen.approvals.api import drafting, flows, items, standing_in

town_router.register("approval-flows", flows.Flows, basename="approval-flow")
town_router.add("approval-flow-drafts/<slug:kind>/", drafting.FlowDraft, name="approval-flow-draft")
town_router.add("approval-flow-drafts/<slug:kind>/save/", drafting.SavedDraft, name="approval-flow-draft-save")
town_router.register("approval-items", items.Items, basename="approval-item")
town_router.register("approval-delegations", standing_in.Delegations, basename="approval-delegation")
town_router.add("approval-hand-overs/", standing_in.HandOvers, name="approval-hand-over")
