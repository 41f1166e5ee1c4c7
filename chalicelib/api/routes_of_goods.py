"""Ways into `/v1`: the brand itself, its plan, goods, campaigns, reviews, imports."""

from typing import Any

from chalicelib.api.calls import NoBody
from chalicelib.api.resources import (
    api_keys,
    audit,
    brand,
    campaigns,
    documents,
    experiences,
    exports,
    imports,
    plans,
    products,
    reviews,
)
from chalicelib.api.route import Route, get, listing, post
from chalicelib.billing.rules import TierTooSmall
from chalicelib.campaigns.closing import CampaignBusy, CampaignStillOpen
from chalicelib.campaigns.commands import CancelCampaign, CloneCampaign, CreateCampaign
from chalicelib.campaigns.rules import CampaignInvalid
from chalicelib.campaigns.showing import NotForTaking
from chalicelib.campaigns.store import CampaignNotFound
from chalicelib.catalog.actions import StockTooLow
from chalicelib.catalog.commands import AdjustStock, CreateProduct, UpdateProduct
from chalicelib.catalog.photos import AddPhoto, ArrangePhotos, ProductBusy
from chalicelib.catalog.rules import ProductInvalid
from chalicelib.catalog.store import ProductNotFound
from chalicelib.commissions.live import PlanNotLive
from chalicelib.commissions.presets import PresetUnknown
from chalicelib.commissions.proposals import (
    LaterVersionPlanned,
    MomentUnusable,
    OverrideWithoutReason,
    PlanBlocked,
    PlanEditedMeanwhile,
    PlanInEffect,
    PlanTooLarge,
)
from chalicelib.commissions.rules.plan import PlanRefused
from chalicelib.commissions.version_history import PlanVersionUnknown
from chalicelib.errors import Conflict, Invalid
from chalicelib.exports.actions import TooManyExports
from chalicelib.exports.store import ExportUnknown
from chalicelib.imports.actions import ImportNotReady
from chalicelib.imports.files import FileUnreadable
from chalicelib.imports.store import ImportUnknown
from chalicelib.leaders.profiles import LeaderUnknown
from chalicelib.media.rules import PhotoInvalid
from chalicelib.orders.pasted import TextTooLong
from chalicelib.people.api_keys import ApiKeyUnknown, TooManyApiKeys
from chalicelib.reviews.commands import Moderate, Reply
from chalicelib.reviews.experiences import ExperienceChanged, ExperienceNotFound
from chalicelib.reviews.rules import AlreadyReplied, ReviewChanged, ReviewInvalid
from chalicelib.reviews.store import ReviewNotFound
from chalicelib.tenants.commands import UpdateSettings

_BRAND = (
    get("/v1/openapi.json", "This document", documents.openapi, dict[str, Any], public=True),
    get("/v1/brand", "Show the brand", brand.retrieve, brand.Brand),
    post("/v1/brand", "Change the brand's settings", brand.update, UpdateSettings, brand.Brand, Invalid),
    listing("/v1/api_keys", "List API keys", api_keys.oldest, api_keys.ApiKey),
    post("/v1/api_keys", "Make an API key", api_keys.create, api_keys.CreateApiKey, api_keys.ApiKey,
          Invalid, TooManyApiKeys, shown_once="secret"),
    listing("/v1/audit", "List what was done, newest first", audit.newest, audit.LogEntry, query=audit.AuditQuery),
    post("/v1/api_keys/{api_key_id}/revoke", "End an API key", api_keys.revoke, NoBody, api_keys.ApiKey,
          ApiKeyUnknown),
)  # fmt: skip

_GOODS = (
    listing("/v1/products", "List products, newest first", products.newest, products.Product),
    post("/v1/products", "Add a product", products.create, CreateProduct, products.Product, ProductInvalid),
    get("/v1/products/{product_id}", "Show a product", products.retrieve, products.Product, ProductNotFound),
    post("/v1/products/{product_id}", "Change a product", products.update, UpdateProduct, products.Product,
          ProductNotFound, ProductInvalid),
    post("/v1/products/{product_id}/photos", "Add a photo to a product", products.add_photo, AddPhoto,
          products.Product, ProductNotFound, ProductInvalid, ProductBusy, PhotoInvalid,
          largest_body=products.LARGEST_PHOTO_BODY_BYTES),
    post("/v1/products/{product_id}/photos/arrange", "Put a product's photos in order, or take them off",
          products.arrange_photos, ArrangePhotos, products.Product, ProductNotFound, ProductInvalid, ProductBusy),
    get("/v1/products/{product_id}/stock", "Show a product's stock", products.stock, products.Stock,
         ProductNotFound),
    post("/v1/products/{product_id}/stock", "Add to or take from a product's stock", products.adjust_stock,
          AdjustStock, products.Stock, ProductNotFound, ProductInvalid, StockTooLow),
    listing("/v1/campaigns", "List campaigns, the last to close first", campaigns.latest, campaigns.Campaign),
    post("/v1/campaigns", "Open a campaign", campaigns.create, CreateCampaign, campaigns.Campaign,
          CampaignInvalid, LeaderUnknown, StockTooLow, TierTooSmall),
    post("/v1/campaigns/{campaign_id}/read_lines", "Read pasted chat text into lines; orders nothing",
          campaigns.read_lines, campaigns.ReadLines, "chalicelib.api.resources.pasted:ReadText", CampaignNotFound,
          TextTooLong),
    get("/v1/campaigns/{campaign_id}", "Show a campaign", campaigns.retrieve, campaigns.Campaign, CampaignNotFound),
    post("/v1/campaigns/{campaign_id}/cancel", "End a campaign now", campaigns.cancel, CancelCampaign,
          campaigns.Campaign, CampaignNotFound, CampaignBusy, Conflict),
    post("/v1/campaigns/{campaign_id}/close", "Close a campaign whose time is over", campaigns.close, NoBody,
          campaigns.Campaign, CampaignNotFound, CampaignBusy, CampaignStillOpen),
    post("/v1/campaigns/{campaign_id}/clone", "Run a campaign again", campaigns.clone, CloneCampaign,
          campaigns.Campaign, CampaignNotFound, CampaignInvalid, StockTooLow, TierTooSmall),
    get("/v1/campaigns/{campaign_id}/group", "Show a campaign's group and what its end did", campaigns.group,
         campaigns.CampaignGroup, CampaignNotFound),
    post("/v1/campaigns/{campaign_id}/take_over", "Put a campaign on a leader's page", campaigns.take_over,
          campaigns.TakeOver, campaigns.Campaign, CampaignNotFound, LeaderUnknown, NotForTaking),
    post("/v1/campaigns/{campaign_id}/give_up", "Take a campaign off a leader's page", campaigns.give_up,
          campaigns.TakeOver, campaigns.Campaign, CampaignNotFound, NotForTaking),
)  # fmt: skip

_REVIEW = "/v1/reviews/{review_id}"
_REVIEWS = (
    get("/v1/products/{product_id}/rating", "Show a product's stars", reviews.rating, reviews.Rating,
         ProductNotFound),
    listing("/v1/products/{product_id}/reviews", "List the reviews shown of a product, newest first",
          reviews.of_product, reviews.Review, ProductNotFound),
    listing("/v1/reviews", "List reviews that wait for the brand, or that it hides", reviews.in_state, reviews.Review,
          query=reviews.ReviewQuery),
    get(_REVIEW, "Show a review", reviews.retrieve, reviews.Review, ReviewNotFound),
    post(_REVIEW + "/moderate", "Show or hide a review", reviews.moderate, Moderate, reviews.Review,
          ReviewNotFound, ReviewChanged, ReviewInvalid),
    post(_REVIEW + "/reply", "Answer a review, once", reviews.reply, Reply, reviews.Review,
          ReviewNotFound, AlreadyReplied, ReviewInvalid),
    listing("/v1/products/{product_id}/experiences", "List what leaders say of a product, last written first",
          experiences.of_product, experiences.Experience, ProductNotFound),
    post("/v1/products/{product_id}/experiences/{leader_id}/moderate", "Show or hide what a leader says of a product",
          experiences.moderate, Moderate, experiences.Experience,
          ProductNotFound, ExperienceNotFound, ExperienceChanged, ReviewInvalid),
)  # fmt: skip

_IMPORT = "/v1/imports/{import_id}"
_IMPORTS = (
    listing("/v1/imports", "List imports, newest first", imports.newest, imports.Import),
    post("/v1/imports", "Send a file of leaders, products or tracking numbers", imports.send, imports.SendFile,
          imports.Import, Invalid, FileUnreadable, largest_body=imports.LARGEST_BODY_BYTES),
    get(_IMPORT, "Show an import and how far it is", imports.retrieve, imports.Import, ImportUnknown),
    listing(_IMPORT + "/problems", "List what is wrong with a file, by row", imports.problems, imports.ImportProblem,
          ImportUnknown),
    post(_IMPORT + "/commit", "Write a checked import, all of it", imports.commit, NoBody, imports.Import,
          ImportUnknown, ImportNotReady),
    post(_IMPORT + "/withdraw", "Give up an import", imports.withdraw, NoBody, imports.Import,
          ImportUnknown, ImportNotReady),
)  # fmt: skip

_EXPORTS = (
    listing("/v1/exports", "List the exports of the last week, newest first", exports.newest, exports.Export),
    post("/v1/exports", "Make a file of orders, leaders, commissions, payouts, products or cases", exports.make,
          exports.MakeExport, exports.Export, Invalid, TooManyExports),
    get("/v1/exports/{export_id}", "Show an export, with an address to fetch it from", exports.retrieve,
         exports.Export, ExportUnknown),
)  # fmt: skip

_PLAN = "/v1/plans/{number}"
_CHECKS = "chalicelib.api.resources.plan_checks"
_PLANS = (
    listing("/v1/plans", "List the plan's versions, newest first", plans.newest, plans.Plan),
    post("/v1/plans", "Make a new version of the plan", plans.propose, plans.ProposePlan, plans.Plan,
          PlanRefused, PlanNotLive, PlanTooLarge, PlanBlocked, OverrideWithoutReason, MomentUnusable,
          LaterVersionPlanned, PlanEditedMeanwhile),
    get("/v1/plans/schema", "Give the JSON Schema of plan documents", plans.schema, dict[str, Any]),
    post("/v1/plans/lint", "Check a document against the law and against cheats", plans.check, plans.LintPlan,
          f"{_CHECKS}:PlanLint", PlanTooLarge),
    post("/v1/plans/compare", "Try two plans on one history", plans.compare, plans.ComparePlans,
          f"{_CHECKS}:PlanComparison", PlanRefused, PlanTooLarge, PlanVersionUnknown, PresetUnknown, Invalid),
    get(_PLAN, "Show a version", plans.retrieve, plans.Plan, PlanVersionUnknown),
    get(_PLAN + "/changes", "Say what a version has otherwise than another", plans.changes, plans.PlanChanges,
         PlanVersionUnknown, query=plans.ChangesQuery),
    post(_PLAN + "/withdraw", "Take back a version that is not in effect yet", plans.withdraw, NoBody, plans.Plan,
          PlanVersionUnknown, PlanInEffect),
)  # fmt: skip

ROUTES: tuple[Route, ...] = (*_BRAND, *_GOODS, *_REVIEWS, *_IMPORTS, *_EXPORTS, *_PLANS)
