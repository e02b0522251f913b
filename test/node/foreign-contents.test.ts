import { describe, it } from "vitest";
import { parseContent } from "../../src/whatsapp/content/parse-content.ts";
import { toBody } from "../../src/whatsapp/content/to-body.ts";
import { isObject } from "../../src/whatsapp/json-text.ts";
import { parseAdminNotice } from "../../src/whatsapp/notices/admin-notice.ts";
import { parseCalls } from "../../src/whatsapp/parse-calls.ts";
import { parseHistory } from "../../src/whatsapp/parse-history.ts";
import {
  parseContactSync,
  parseIdentityChanges,
  parsePreferences,
} from "../../src/whatsapp/parse-identity.ts";
import { foreignBodies, foreignFiles } from "./foreign-bodies.ts";

/** What other projects send as unknown on purpose. */
const UNREADABLE: Record<string, string> = {
  "netflie-whatsapp-cloud-api/build_an_unknown_notification.json": "its type is `unknown`",
};
/** Fields that are no fields of Meta's. */
const INVENTED: Record<string, string> = {
  "dogalyir-whatsapp-cloud-api-types/messages__payload-7.json": "`template_status_update`, an empty value",
  "dogalyir-whatsapp-cloud-api-types/unified__invalidPayload.json": "`invalid_field`",
};
/** Values that contain nothing, or contain it under another field's name. */
const MISPLACED: Record<string, string> = {
  "dogalyir-whatsapp-cloud-api-types/template-status-update__payload-6.json":
    "a template's status as `messages`",
};

type Value = { name: string; field: string; value: Record<string, unknown>; time: unknown };

const values: Value[] = foreignBodies().flatMap(({ name, text }) => {
  const found: Value[] = [];
  JSON.parse(text, (_, entry) => {
    for (const change of Array.isArray(entry?.changes) ? entry.changes : []) {
      if (isObject(change?.value))
        found.push({ name, field: change.field, value: change.value, time: entry.time });
    }
    return entry;
  });
  return found;
});

const messages = values.flatMap(({ name, value }) =>
  [value.messages, value.message_echoes].flatMap((list) =>
    Array.isArray(list) ? list.map((message: unknown) => ({ name, message })) : [],
  ),
);
const sends = foreignFiles()
  .filter(({ name }) => /_messages__req__/.test(name) && !/typing-indicator/.test(name))
  .map(({ name, text }) => ({ name, message: JSON.parse(text) }));
const others = values.filter(
  ({ value }) => !["messages", "message_echoes", "statuses"].some((list) => Array.isArray(value[list])),
);
console.info(
  `Of other projects: ${messages.length} messages, ${sends.length} sends, ${others.length} other values.`,
);

describe.skipIf(messages.length === 0)("a message that another project has seen", () => {
  it.for(messages)("has a body and a content: $name", ({ name, message }, { expect }) => {
    const { type } = parseContent(message);
    if (name in UNREADABLE) expect(["other", "unknown"]).toContain(type);
    else expect(["other", "unknown"]).not.toContain(type);
    expect(toBody(parseContent(message)).trim()).not.toBe("");
  });
});

describe.skipIf(sends.length === 0)("a message that another project sends", () => {
  it.for(sends)("has a body and a content: $name", ({ message }, { expect }) => {
    expect(["other", "unknown", "unsupported"]).not.toContain(parseContent(message).type);
    expect(toBody(parseContent(message))).not.toMatch(/^\[(?:interactive|text|unknown)\]$/);
  });
});

describe.skipIf(others.length === 0)("another value that another project has seen", () => {
  it.for(others)("is read by one of the readers: $name", ({ name, field, value, time }, { expect }) => {
    const notice = parseAdminNotice(field, value, time);
    const history = parseHistory(value);
    const read = [
      ...parseCalls(value),
      ...parseIdentityChanges(value),
      ...parsePreferences(value),
      ...parseContactSync(value),
      ...history.chunks,
    ];
    if (name in MISPLACED) expect([notice, read]).toEqual([null, []]);
    else if (name in INVENTED) expect(notice?.kind).toBe("other");
    else {
      expect(notice?.kind).not.toBe("other");
      expect(read.length + (notice ? 1 : 0)).toBeGreaterThan(0);
    }
  });
});
