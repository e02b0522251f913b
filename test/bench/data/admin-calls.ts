import { addAudit, pageOfAudit } from "../../../src/db/audit.ts";
import { quarantine } from "../../../src/db/ingest.ts";
import { pageOfNotices } from "../../../src/db/notices.ts";
import {
  credentialsOf,
  findPhone,
  isVerifyTokenOfAPhone,
  metaIdsOf,
  replaceToken,
} from "../../../src/db/organization-phones.ts";
import { lastFindings, storeFindings } from "../../../src/db/phone-checks.ts";
import {
  insertPhone,
  nextPhoneId,
  pageOfPhones,
  phoneOfMetaId,
  readPhone,
  updatePhone,
} from "../../../src/db/phones.ts";
import {
  languagesOfTemplate,
  recordTemplateChange,
  storeDefinition,
  syncTemplates,
} from "../../../src/db/templates.ts";
import {
  bodyOfStoredEvent,
  earlierEventIds,
  earlierEventsOf,
  lastInboundOfOthers,
  markApplied,
  pageOfStoredEvents,
} from "../../../src/db/webhook-events.ts";
import type { Finding } from "../../../src/domain/check.ts";
import { type Call, ingesting, reading, writing } from "./call.ts";
import type { RareTargets } from "./rare-targets.ts";
import type { Seeded } from "./seed-shape.ts";
import { aWamid, changeOf, now, texts } from "./webhooks.ts";

const CHANGE_ALLOWANCE = { perRow: 12, extra: 40 };
/** Of a number's reports those until one names its limit, and one its quality: here all 170. */
const REPORT_ALLOWANCE = { perRow: 12, extra: 400 };
/** What admins rarely list. */
const LIST_ALLOWANCE = { perRow: 4, extra: 20, onlyAnalysed: true } as const;
/** It also looks through the events that no organization has, here 300, and twice where it sorts them. */
const EVENTS_ALLOWANCE = { perRow: 4, extra: 620, onlyAnalysed: true } as const;
const UNKNOWN = "300000000000007";
const TEMPLATE = { name: "template_3", language: "en" };

/** Numbers, templates, notices and stored events: what admins and operators see, and what Meta reports of them. */
export function adminCalls(seeded: Seeded, { storedEvents }: RareTargets): Call[] {
  const { organizationId, phones, agentIds } = seeded;
  const actor = { organizationId, agentId: agentIds[0] ?? 0 };
  const [{ id: phoneId, phoneNumberId } = { id: 0, phoneNumberId: "" }] = phones;
  const account = { organizationId, wabaId: "123456789012345" };
  const audited = { action: "phone.changed", detail: {} } as const;
  const reported = (field: string, value: Record<string, unknown>) => () =>
    changeOf(phoneNumberId, field, { ...value, timestamp: now(), nonce: aWamid() });
  const template = {
    message_template_id: 3,
    message_template_name: TEMPLATE.name,
    message_template_language: TEMPLATE.language,
  };
  return [
    ingesting(
      "the status of a template",
      reported("message_template_status_update", { ...template, event: "APPROVED" }),
      REPORT_ALLOWANCE,
    ),
    ingesting(
      "the quality of a number",
      reported("phone_number_quality_update", {
        ...{ event: "ONBOARDING", current_limit: "TIER_1K", display_phone_number: "79001234568" },
      }),
      REPORT_ALLOWANCE,
    ),
    ingesting(
      "the capability of an account",
      reported("business_capability_update", { max_daily_conversations_per_business: 2000 }),
      REPORT_ALLOWANCE,
    ),
    ingesting(
      "an alert",
      reported("account_alerts", { alert_info: { alert_type: "LOW_QUALITY" } }),
      REPORT_ALLOWANCE,
    ),
    ingesting("an unknown field", reported("tomorrow", {}), REPORT_ALLOWANCE),
    ingesting(
      "a text for an unknown number",
      () => texts(seeded, [1]).map((event) => ({ ...event, phoneNumberId: UNKNOWN })),
      REPORT_ALLOWANCE,
    ),
    writing("quarantine a message (none)", (db) => quarantine(db, texts(seeded, [1])), CHANGE_ALLOWANCE),
    reading("notices", (db) => pageOfNotices(db, organizationId, {}, null, 50), LIST_ALLOWANCE),
    reading(
      "notices, critical",
      (db) => pageOfNotices(db, organizationId, { severity: "critical" }, null, 50),
      LIST_ALLOWANCE,
    ),
    reading("notices, open alarms", (db) => pageOfNotices(db, organizationId, { open: true }, null, 50)),
    reading("audit log", (db) => pageOfAudit(db, organizationId, {}, null, 50), LIST_ALLOWANCE),
    reading(
      "audit log of a number",
      (db) => pageOfAudit(db, organizationId, { organizationPhoneId: phoneId }, null, 50),
      LIST_ALLOWANCE,
    ),
    writing("log a change (none)", (db) => addAudit(db, actor, phoneId, audited)),
    ...[
      { name: "stored events", of: organizationId, unread: false },
      { name: "stored events, unread", of: organizationId, unread: true },
      { name: "stored events of an organization without any (none)", of: 2, unread: false },
    ].map(({ name, of, unread }) =>
      reading(name, (db) => pageOfStoredEvents(db, of, { unread }, null, 50), EVENTS_ALLOWANCE),
    ),
    reading("a stored event", (db) => bodyOfStoredEvent(db, { id: storedEvents[0].id, organizationId })),
    writing("mark a stored event as applied (none)", (db) =>
      markApplied(db, storedEvents[0].id, texts(seeded, [1, 2])),
    ),
    reading("events of an unknown number", (db) => earlierEventsOf(db, UNKNOWN), { perRow: 0, extra: 100 }),
    reading("their ids", (db) => earlierEventIds(db, UNKNOWN, 50)),
    reading("the last event of others (none)", (db) => lastInboundOfOthers(db, "9"), {
      perRow: 0,
      extra: 220,
    }),
    reading("numbers", (db) => pageOfPhones(db, organizationId, null, 50)),
    reading("a number", (db) => readPhone(db, organizationId, phoneId)),
    reading("a number's account", (db) => findPhone(db, organizationId, phoneId)),
    reading("a number by Meta's id", (db) => phoneOfMetaId(db, organizationId, phoneNumberId)),
    reading("Meta's ids of all numbers", async (db) => (await metaIdsOf(db, organizationId)).size),
    reading("the credentials of a number", (db) => credentialsOf(db, phoneId)),
    writing("seal a token (none)", (db) => replaceToken(db, phoneId, "raw", "sealed:")),
    reading("a verify token (none)", (db) => isVerifyTokenOfAPhone(db, "nobody's")),
    writing("connect a number", async (db) => {
      const id = await nextPhoneId(db);
      return await insertPhone(db, actor, {
        ...{
          id,
          name: "New",
          phoneNumber: "79001234500",
          wabaPhoneNumberId: String(400_000_000_000_000 + id),
        },
      });
    }),
    reading("change a number", (db) =>
      updatePhone(db, actor, phoneId, { change: { name: "Number 1" }, state: "connect" }, [audited]),
    ),
    reading("store findings (none)", async (db) => {
      const found: Finding = { id: "C02", status: "pass", code: "token_ok", evidence: {}, fixes: [] };
      await storeFindings(db, phoneId, [found], new Date());
      return 0;
    }),
    reading("findings", (db) => lastFindings(db, phoneId)),
    reading("languages of a template", (db) =>
      languagesOfTemplate(db, organizationId, phoneId, TEMPLATE.name),
    ),
    writing(
      "sync templates",
      async (db) => {
        const fields = {
          category: "UTILITY",
          parameterFormat: null,
          components: [],
          quality: null,
          reason: null,
        };
        const listed = Array.from({ length: 60 }, (_, n) => ({
          ...fields,
          ...{ metaId: String(n + 1), name: `template_${n + 1}`, language: "en", status: "APPROVED" },
        }));
        return (await syncTemplates(db, account, listed, new Date())).listed;
      },
      CHANGE_ALLOWANCE,
    ),
    reading("a changed template (none)", async (db) => {
      await recordTemplateChange(
        db,
        account,
        { templateId: "3", ...TEMPLATE, status: "APPROVED" },
        new Date(),
      );
      return 0;
    }),
    reading("a template's definition", (db) =>
      storeDefinition(db, account, TEMPLATE, { components: [], parameterFormat: null }, new Date()),
    ),
  ];
}
