import { afterAll, beforeAll, beforeEach, describe, it } from "vitest";
import { type Fixture, NUMBER, startFixture } from "../local/simulator/fixture.ts";
import { type ForeignBody, foreignFiles } from "./foreign-bodies.ts";
import { differences } from "./json-shape.ts";
import { callAsShown, UNKNOWN_FIELDS } from "./simulator-calls.ts";

type Json = Record<string, unknown>;
type Example = { name: string; endpoint: string; kind: string; json: Json };

/** What the simulator has no part in, with how many examples there are: one more and somebody has to decide. */
const notSimulated: Record<string, number> = {
  "delete_Phone-Number-ID_message_qrdls_QR-Code-ID": 4,
  "get_Phone-Number-ID_call_permissions": 3,
  "get_Phone-Number-ID_message_history": 6,
  "get_Phone-Number-ID_message_qrdls": 10,
  "get_Phone-Number-ID_message_qrdls_QR-Code-ID": 5,
  "get_WABA-ID_flows": 1,
  "post_Phone-Number-ID_calls": 6,
  "post_Phone-Number-ID_conversational_automation": 11,
  "post_Phone-Number-ID_marketing_messages": 4,
  "post_Phone-Number-ID_message_qrdls": 9,
  "post_Phone-Number-ID_messages_encrypted": 12,
  "post_Pre-Verified-Phone-Number-ID_request_code": 6,
  "post_Pre-Verified-Phone-Number-ID_verify_code": 7,
  "post_WABA-ID_flows": 1,
  "post_WABA-ID_phone_numbers": 9,
  webhook: 16,
};

/** Each endpoint that the simulator has, with how many examples there are. */
const simulated: Record<string, number> = {
  "delete_WABA-ID_subscribed_apps": 3,
  "get_Media-ID": 1,
  "get_Phone-Number-ID": 22,
  "get_Phone-Number-ID_settings": 2,
  "get_Phone-Number-ID_whatsapp_business_profile": 5,
  get_TEMPLATE_ID: 1,
  "get_WABA-ID_message_templates": 1,
  "get_WABA-ID_phone_numbers": 6,
  "get_WABA-ID_subscribed_apps": 3,
  "post_Phone-Number-ID": 9,
  "post_Phone-Number-ID_block_users": 1,
  "post_Phone-Number-ID_deregister": 6,
  "post_Phone-Number-ID_media": 5,
  "post_Phone-Number-ID_messages": 56,
  "post_Phone-Number-ID_register": 8,
  "post_Phone-Number-ID_request_code": 4,
  "post_Phone-Number-ID_settings": 7,
  "post_Phone-Number-ID_verify_code": 6,
  "post_Phone-Number-ID_whatsapp_business_profile": 5,
  post_TEMPLATE_ID: 1,
  "post_WABA-ID_message_templates": 12,
  "post_WABA-ID_subscribed_apps": 6,
};

/** Requests that are refused even when their placeholders stand for something, with the reason. */
const refused: Record<string, string> = {
  "post_Phone-Number-ID_messages__req__Send-Reply-to-List-Message":
    "it has no type, and Meta then looks for a text",
};

const TEMPLATE_FIELDS = ["parameter_format", "quality_score", "rejected_reason"];

/** Where an answer is not like the example (`-` lacks, `+` has more, `~` is of another type), and why. */
const otherwise: Record<string, { at: string[]; why: string }> = {
  "get_Media-ID__res200__Retrieve-Media-URL": {
    at: ["~ file_size"],
    why: "a number, as other pages of Meta's have it; the product reads both",
  },
  "get_Phone-Number-ID_whatsapp_business_profile__res200__business_profile_details": {
    at: [
      ...["about", "address", "description", "email", "messaging_product", "vertical", "websites"].map(
        (key) => `+ data[].${key}`,
      ),
      "- data[].business_profile",
    ],
    why: "the profile is the item itself, as Meta's other pages have it",
  },
  "get_Phone-Number-ID_settings__res200__Settings-with-SIP-and-encryption": {
    at: [
      "- calling.sip",
      "- calling.srtp_key_exchange_protocol",
      "- payload_encryption.client_encryption_key_fingerprint",
      "- payload_encryption.cloud_encryption_key",
      "- storage_configuration.data_localization_region",
    ],
    why: "settings that the simulator's numbers have only once somebody sets them",
  },
  "get_TEMPLATE_ID__res200__Example-response": {
    at: TEMPLATE_FIELDS.map((key) => `+ ${key}`),
    why: "all fields are given, whichever are asked for",
  },
  "get_WABA-ID_message_templates__res200__Example-response": {
    at: [...TEMPLATE_FIELDS.map((key) => `+ data[].${key}`), "- data[].previous_category"],
    why: "all fields are given; no category here was changed before",
  },
  "get_WABA-ID_phone_numbers__res200__multiple_phone_numbers": {
    at: ["+ paging.cursors.before", ...UNKNOWN_FIELDS.map((key) => `- data[].${key}`)],
    why: "fields that the simulator's numbers do not have; pages have both cursors",
  },
  "get_WABA-ID_phone_numbers__res200__single_phone_number": {
    at: ["+ paging"],
    why: "a list has its cursors, as the example with several has",
  },
  "post_Phone-Number-ID__res200__message_sent": {
    at: ["+ success", "- contacts", "- messages", "- messaging_product"],
    why: "an answer to a message, which is sent to /messages",
  },
};

/** In the error examples alone: words for people, which Graph gives with some errors and not with others. */
const FOR_PEOPLE = ["- error.error_user_msg", "- error.error_user_title"];

const examples = foreignFiles()
  .filter(({ name }) => name.startsWith("facebook-openapi/"))
  .map(exampleOf);
const ours = examples.filter(({ endpoint }) => endpoint in simulated);
const requests = ours.filter(({ kind }) => kind === "req");
const answers = ours.filter(({ kind }) => kind === "res200");
const errors = ours.filter(({ kind }) => /^res[45]/.test(kind));
console.info(
  `Meta's examples that the simulator was held against: ${requests.length} requests, ${answers.length} answers, ${errors.length} errors; of ${examples.length} there`,
);

describe.skipIf(examples.length === 0)("the simulator beside Meta's examples", () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await startFixture();
  });
  beforeEach(async () => {
    await fixture.control("DELETE", "");
  });
  afterAll(() => fixture.close());

  it("is checked against all of them, or listed as lacking their endpoint", ({ expect }) => {
    const counts = Object.groupBy(examples, ({ endpoint }) => endpoint);
    const found = Object.fromEntries(Object.entries(counts).map(([key, of = []]) => [key, of.length]));
    expect(found).toEqual({ ...notSimulated, ...simulated });
    expect(requests.length + answers.length + errors.length).toBe(ours.length);
    const names = new Set(ours.map(({ name }) => name));
    expect([...Object.keys(refused), ...Object.keys(otherwise)].filter((name) => !names.has(name))).toEqual(
      [],
    );
  });

  it.for(requests)("takes the request, or refuses it with reason: $name", async (example, { expect }) => {
    const { status, body } = await callAsShown(fixture, example.endpoint, { request: example.json });
    if (example.name in refused) expect(body.error.code).toBeTypeOf("number");
    else expect([status, body.error]).toEqual([200, undefined]);
  });

  it.for(answers)(
    "answers like the example, or otherwise with reason: $name",
    async (example, { expect }) => {
      const { name, endpoint, json } = example;
      const { status, body } = await callAsShown(fixture, endpoint, {
        request: requestFor(example),
        answer: json,
      });
      expect(status).toBe(200);
      expect(differences(json, body)).toEqual(otherwise[name]?.at ?? []);
    },
  );

  it.for(errors)(
    "has an error of the example's shape: $name",
    async ({ endpoint, kind, json }, { expect }) => {
      const { code, error_subcode: subcode } = Object(json.error);
      const status = Number(kind.slice(3));
      const more = subcode === undefined ? {} : { subcode };
      const request = requests.find((one) => one.endpoint === endpoint)?.json ?? {};
      const fault = { answer: { status, code, ...more, on: "any", times: 1 } };
      const { status: actual, body } = await callAsShown(fixture, endpoint, { request, fault });
      expect([actual, body.error.code, body.error.error_subcode]).toEqual([status, code, subcode]);
      expect(differences(json, body).filter((line) => !FOR_PEOPLE.includes(line))).toEqual([]);
    },
  );

  it("refuses of its own accord in that shape, with more details", async ({ expect }) => {
    const shown = errors.find(({ name }) => name === "get_Phone-Number-ID__res400__invalid_fields")?.json;
    const fields = await fixture.graph("GET", `/${NUMBER}?fields=shoe_size`);
    const send = await fixture.graph("POST", `/${NUMBER}/messages`, { messaging_product: "whatsapp" });
    const token = await fixture.graph("GET", `/${NUMBER}`, undefined, { authorization: "Bearer stale" });
    const nobody = await fixture.graph("GET", "/1");
    for (const { status, body } of [fields, send, token, nobody]) {
      expect(status).toBeGreaterThanOrEqual(400);
      expect(["+ error.error_data", "+ error.error_subcode"]).toEqual(
        expect.arrayContaining(differences(shown, body)),
      );
    }
    expect(fields.body.error.code).toBe(Object(shown?.error).code);
  });
});

function exampleOf({ name, text }: ForeignBody): Example {
  const [endpoint = "", kind = "", ...rest] = name.replace(/^.*?\/|\.json$/g, "").split("__");
  return { name: [endpoint, kind, ...rest].join("__"), endpoint, kind, json: JSON.parse(text) };
}

/** The request that an answer is one to: the example whose name it begins with, or any of its endpoint. */
function requestFor({ name, endpoint }: Example): Json {
  const same = name.replace("__res200__", "__req__");
  const all = requests.filter((one) => one.endpoint === endpoint);
  return (all.find((one) => same.startsWith(one.name)) ?? all[0])?.json ?? {};
}
