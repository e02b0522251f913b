import { z } from "zod";
import { auditActions } from "../domain/audit.ts";
import { disconnectReasons, tokenSources } from "../domain/phone.ts";
import { codeMethods } from "../whatsapp/graph-number.ts";
import { check, checkId, checkStatus, describedCheck } from "./check-schemas.ts";
import { cursor, id, idInPath, limit, moment, page } from "./schemas.ts";

// Connecting, changing and checking business numbers. Fields that are columns of "OrganizationPhone" have the column's name.

export const checkReport = z
  .object({
    status: checkStatus.meta({ description: "The worst of them." }),
    checks: z.array(describedCheck),
  })
  .meta({ id: "CheckReport" });

const lastCheck = check
  .extend({ checkedAt: moment, since: moment.meta({ description: "Since when it finds the same." }) })
  .meta({ id: "LastCheck" });

export const storedCheckReport = z
  .object({ status: checkStatus, checks: z.array(lastCheck) })
  .meta({ id: "StoredCheckReport" });

const phoneFields = {
  id,
  name: z.string(),
  phoneNumber: z.string(),
  connection: z.enum(["connected", "disconnected"]),
  disconnectedAt: moment.nullable(),
  disconnectReason: z.enum(disconnectReasons).nullable(),
  wabaPhoneNumberId: z.string().nullable(),
  wabaId: z.string().nullable(),
  wabaApiVersion: z.string().nullable().meta({ description: "Null: GRAPH_API_VERSION." }),
  verifiedName: z.string().nullable(),
  nameStatus: z.string().nullable(),
  qualityRating: z.string().nullable(),
  messagingLimit: z.string().nullable(),
  accessToken: z.enum(tokenSources).meta({
    description: "Where the token stands; never the token. worker: in a secret of the Worker.",
  }),
  checkStatus: checkStatus.nullable().meta({ description: "The worst of the last checks; null before any." }),
  checkedAt: moment.nullable(),
  createdAt: moment,
  updatedAt: moment,
};

export const phoneList = z
  .object({ data: z.array(z.object(phoneFields).meta({ id: "Phone" })), ...page })
  .meta({ id: "PhoneList" });

export const openPhone = z
  .object({
    ...phoneFields,
    accessTokenMask: z
      .string()
      .nullable()
      .meta({ description: "Such as EAAG…9f2c; null when the token cannot be opened." }),
    callbackUrl: z.string().meta({ description: "What Meta's dashboard wants as callback URL." }),
    wabaVerifyToken: z
      .string()
      .nullable()
      .meta({ description: "What it wants as verify token; null: WABA_VERIFY_TOKEN." }),
    checks: z.array(lastCheck),
    activity: z.object({
      lastInboundAt: moment.nullable(),
      lastOutboundAt: moment.nullable(),
      queued: z.int(),
      unknown: z.int(),
      unconfirmed: z.int(),
      unreadEvents: z.int(),
      earlierEvents: z.int().meta({ description: "Events from before the number was added." }),
    }),
  })
  .meta({ id: "OpenPhone" });

const shortText = z.string().trim().min(1).max(255);
const metaId = z.string().max(255);
const version = z
  .string()
  .trim()
  .regex(/^v\d{1,3}\.\d{1,3}$/, "must look like v25.0");
const token = z.string().min(1).max(2_000);
const verifyToken = z
  .string()
  .regex(/^[\x21-\x7e]{12,255}$/, "12 to 255 visible ASCII characters without a space");
const dialled = z
  .string()
  .trim()
  .regex(/^\+?[\d\s().-]{5,32}$/, "must be a phone number with its country code")
  .transform((text) => text.replace(/\D/g, ""));

const editable = {
  name: shortText.optional(),
  phoneNumber: dialled.optional().meta({ description: "Stored as digits. Without it Meta's is taken." }),
  wabaApiVersion: version.nullable().optional(),
  wabaVerifyToken: verifyToken.optional().meta({ description: "Without it a random one is made." }),
};

export const phoneCreation = z
  .strictObject({ ...editable, wabaPhoneNumberId: metaId, wabaId: metaId, wabaAccessToken: token })
  .meta({
    id: "PhoneCreation",
    examples: [
      { wabaPhoneNumberId: "987654321098799", wabaId: "123456789012345", wabaAccessToken: "EAAexample" },
    ],
  });

export const phoneEdit = z
  .strictObject({
    ...editable,
    wabaPhoneNumberId: metaId.optional(),
    wabaId: metaId.optional(),
    wabaAccessToken: token.optional(),
  })
  .meta({ id: "PhoneEdit" });

const only = z.array(checkId).min(1).optional().meta({ description: "Only these, and what they need." });

/** The wizard's values, before anything is saved. */
export const valuesCheck = z
  .strictObject({
    phoneNumber: z.string().max(255).optional(),
    wabaPhoneNumberId: metaId,
    wabaId: metaId,
    wabaApiVersion: z.string().max(20).nullable().optional(),
    wabaAccessToken: z.string().max(2_000),
    only,
  })
  .meta({
    id: "ValuesCheck",
    examples: [
      { wabaPhoneNumberId: "987654321098799", wabaId: "123456789012345", wabaAccessToken: "EAAexample" },
    ],
  });

export const phoneCheck = z
  .strictObject({
    only,
    wait: z
      .strictObject({ since: moment, seconds: z.int().min(1).max(600) })
      .optional()
      .meta({
        description: "C13: since when a message is expected, and for how long. Ask again until it ends.",
      }),
    messageId: id.optional().meta({ description: "C14: the test message." }),
  })
  .meta({ id: "PhoneCheckRequest" });

export const registration = z
  .strictObject({ pin: z.string().regex(/^\d{6}$/, "must be six digits") })
  .meta({ id: "Registration", examples: [{ pin: "123456" }] });

export const codeRequest = z
  .strictObject({
    method: z.enum(codeMethods),
    language: z
      .string()
      .regex(/^[a-z]{2,3}(_[A-Z]{2})?$/, "must look like en_US")
      .default("en_US"),
  })
  .meta({ id: "CodeRequest" });

export const codeEntry = z
  .strictObject({ code: z.string().regex(/^\d{4,8}$/, "must be the digits that Meta sent") })
  .meta({ id: "CodeEntry", examples: [{ code: "123456" }] });

/** The operator's own phone. */
export const testMessageRequest = z
  .strictObject({ to: z.string().min(1).max(200) })
  .meta({ id: "TestMessageRequest", examples: [{ to: "+79160000001" }] });

export const requested = z.object({ success: z.literal(true) }).meta({ id: "CodeRequested" });

export const earlierEvents = z
  .object({
    count: z.int(),
    oldestAt: moment.nullable(),
    newestAt: moment.nullable(),
  })
  .meta({ id: "EarlierEvents" });

export const appliedEvents = z
  .object({
    applied: z.int(),
    remaining: z.int().meta({ description: "Repeat until it no longer falls." }),
  })
  .meta({ id: "AppliedEvents" });

export const auditQuery = z.strictObject({
  cursor,
  limit: limit(100),
  organizationPhoneId: idInPath.optional(),
});

const auditEntry = z
  .object({
    id,
    organizationPhoneId: id.nullable(),
    agent: z.object({ id, name: z.string() }).nullable().meta({ description: "Null: the system itself." }),
    action: z.enum(auditActions),
    detail: z.object({
      changes: z
        .record(z.string(), z.object({ from: z.string().nullable(), to: z.string().nullable() }))
        .optional(),
      reason: z.string().optional(),
      count: z.int().optional(),
      eventId: z.int().optional(),
    }),
    createdAt: moment,
  })
  .meta({ id: "AuditEntry" });

export const auditList = z.object({ data: z.array(auditEntry), ...page }).meta({ id: "AuditList" });
