"""Mounted in every town."""

from jifen.api.routing import town_router
from scoring.api import deeds, filings, ledger, meetings, months, policies, rounds

town_router.register("rules", deeds.Rules, basename="rule")
town_router.register("declarations", deeds.Declarations, basename="declaration")
town_router.register("own-declarations", deeds.OwnDeclarations, basename="own-declaration")
town_router.register("batches", deeds.Batches, basename="batch")
town_router.register("inspections", rounds.Inspections, basename="inspection")
town_router.register("activities", rounds.Activities, basename="activity")
town_router.register("own-attendances", rounds.OwnAttendances, basename="own-attendance")
town_router.register("reviews", months.Reviews, basename="review")
town_router.register("review-items", months.ReviewItems, basename="review-item")
town_router.register("review-meetings", meetings.ReviewMeetings, basename="review-meeting")
town_router.register("own-stand-ins", meetings.OwnStandIns, basename="own-stand-in")
town_router.register("filings", filings.Filings, basename="filing")
town_router.register("months", filings.Months, basename="month")
town_router.register("review-policies", policies.ReviewPolicies, basename="review-policy")
town_router.register("hearings", filings.Hearings, basename="hearing")
town_router.register("own-hearings", filings.OwnHearings, basename="own-hearing")
town_router.register("entries", ledger.Entries, basename="entry")
town_router.register("postings", ledger.Postings, basename="posting")
town_router.register("passbooks", ledger.Passbooks, basename="passbook")
town_router.add("own-passbook/", ledger.OwnPassbook, name="own-passbook")
town_router.register("years", ledger.Years, basename="year")
