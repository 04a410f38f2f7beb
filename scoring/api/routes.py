"""Mounted in every town; the format of rulebook files on both sites."""

from jifen.api.routing import public_router, town_router
from scoring.api import (
    deeds,
    dividends,
    drafts,
    feeds,
    filings,
    ledger,
    meetings,
    months,
    policies,
    rounds,
    rulebook_files,
    rulebooks,
    whatif,
)

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
town_router.register("dividends", dividends.Dividends, basename="dividend")
town_router.register("own-dividends", dividends.OwnDividends, basename="own-dividend")
town_router.register("years", ledger.Years, basename="year")
town_router.register("rulebook-versions", rulebooks.RulebookVersions, basename="rulebook-version")
town_router.register("town-rulebook-versions", rulebooks.TownVersions, basename="town-rulebook-version")
town_router.register("village-rulebook-versions", rulebooks.VillageVersions, basename="village-rulebook-version")
town_router.register("rulebook-drafts", drafts.TownDrafts, basename="rulebook-draft")
town_router.register("village-rulebook-drafts", drafts.VillageDrafts, basename="village-rulebook-draft")
town_router.register("rulebook-adaptations", rulebooks.Adaptations, basename="rulebook-adaptation")
town_router.add("rule-templates/", rulebooks.Offers, name="rule-templates")
town_router.add("rulebook-policy/", rulebooks.RulePolicy, name="rulebook-policy")
town_router.add("rule-templates/newer/", rulebooks.Newer, name="rule-templates-newer")
town_router.register("whatif-runs", whatif.TownRuns, basename="whatif-run")
town_router.register("village-whatif-runs", whatif.VillageRuns, basename="village-whatif-run")
town_router.register("feed-keys", feeds.FeedKeys, basename="feed-key")
town_router.add("feeds/deeds/", feeds.FeedDeeds, name="feed-deeds")
for router in (town_router, public_router):
    router.add("rulebook-schema/", rulebook_files.RulebookSchema, name="rulebook-schema")
