import { type Fixture, NUMBER, VERIFY_TOKEN, WABA } from "../local/simulator/fixture.ts";

type Json = Record<string, unknown>;
/** What an example's request needs before it can be made. */
type Ready = { mediaId: string; wamid: string };

const CUSTOMER = "79160000001";
const AUTHORIZATION = { authorization: "Bearer EAAtest-token-0123456789" };
const MIME_TYPES: Record<string, string> = { ogg: "audio/ogg", jpg: "image/jpeg", webp: "image/webp" };

/**
 * Makes a call that one of Meta's examples shows, once everything that it names is there. `answer` is the example of its
 * answer, for what is only read; a fault is set just before the call itself.
 */
export async function callAsShown(
  fixture: Fixture,
  endpoint: string,
  { request = {}, answer = {}, fault = null }: { request?: Json; answer?: Json; fault?: Json | null },
) {
  const [method = "", path = ""] = endpoint.split(/_(.*)/);
  const ready = await prepare(fixture, request);
  const body = filled(request, ready, fixture.webhook.url);
  const prepared = await pathTo(fixture, path, { body, answer, ready });
  if (fault) await fixture.control("PUT", "/faults", fault);
  if (path === "Phone-Number-ID_media") return upload(fixture, body);
  return fixture.graph(method.toUpperCase(), prepared, method === "get" ? undefined : body);
}

/** The address of the call; what it reads or changes is made first. */
async function pathTo(
  fixture: Fixture,
  path: string,
  { body, answer, ready }: { body: Json; answer: Json; ready: Ready },
) {
  const [object = "", ...edge] = path.split(/-ID_|_(?=ID$)/);
  const fields = (shown: unknown, lacking: string[] = []) =>
    `?fields=${Object.keys(Object(shown)).filter((key) => !lacking.includes(key))}`;
  switch (path) {
    case "Media-ID":
      return `/${ready.mediaId}`;
    case "Phone-Number-ID":
      return `/${NUMBER}${answer.id === undefined ? "" : fields(answer)}`;
    case "TEMPLATE_ID":
      return `/${await approved(fixture, { ...answer, ...body })}`;
    case "WABA-ID_phone_numbers": {
      const [first] = listOf(answer.data);
      return `/${WABA}/phone_numbers${first ? fields(first, UNKNOWN_FIELDS) : ""}`;
    }
    case "WABA-ID_message_templates":
      // The first one is there from the beginning.
      for (const template of listOf(answer.data).slice(1)) await approved(fixture, template);
      break;
    case "Phone-Number-ID_whatsapp_business_profile":
      await fixture.graph("POST", `/${NUMBER}/whatsapp_business_profile`, PROFILE);
      break;
    case "Phone-Number-ID_request_code":
    case "Phone-Number-ID_verify_code":
      await fixture.control("PATCH", `/phones/${NUMBER}`, {
        code_verification_status: "NOT_VERIFIED",
        code: body.code ?? null,
      });
      break;
    case "Phone-Number-ID_messages":
      if (body.type === "template") await approved(fixture, definitionFor(Object(body.template)));
  }
  return `/${object === "WABA" ? WABA : NUMBER}/${edge.join("_")}`;
}

/** Fields that Graph has and the simulator has not. */
export const UNKNOWN_FIELDS = [
  "country_code",
  "country_dial_code",
  "host_platform",
  "unified_cert_status",
  "username",
];

const PROFILE = {
  messaging_product: "whatsapp",
  about: "Tea",
  address: "1 Street",
  description: "All the tea",
  email: "tea@example.org",
  websites: ["https://example.org"],
  vertical: "RETAIL",
};

/** A file was uploaded, and everybody who is named has written. */
async function prepare(fixture: Fixture, request: Json): Promise<Ready> {
  const { body: media } = await upload(fixture, { messaging_product: "whatsapp", file: "@/a.jpg" });
  const people = [request.to, ...listOf(request.block_users).map(({ user }) => user)];
  let wamid = "";
  for (const one of people.length === 0 ? [CUSTOMER] : people) {
    const phone = personOf(one);
    wamid = (await fixture.write(phone, "hello")).body.wamid;
  }
  return { mediaId: media.id, wamid };
}

function personOf(to: unknown): string {
  return typeof to === "string" && /^\+?\d+$/.test(to) ? to : CUSTOMER;
}

/** Each placeholder stands for something that is there. */
function filled(request: Json, { mediaId, wamid }: Ready, webhookUrl: string): Json {
  return JSON.parse(JSON.stringify(request), (key, value) => {
    if (typeof value !== "string") return value;
    if (key === "to") return personOf(value);
    if (key === "message_id") return wamid;
    if (key === "id" && /OBJECT_ID/.test(value)) return mediaId;
    if (key === "override_callback_uri") return webhookUrl;
    if (key === "verify_token") return VERIFY_TOKEN;
    if (key === "link") return "https://example.org/file";
    if (value === "language-and-locale-code") return "en_US";
    if (value === "<TEMPLATE_NAME>" || value === "template-name") return "template_name";
    return value;
  });
}

/** A template of which a send makes sense: as many variables as it gives. */
function definitionFor({ name, language, components }: Json): Json {
  const sent = listOf(components).find(({ type }) => type === "body");
  const text = ["Hello", ...listOf(sent?.parameters).map((_, i) => `{{${i + 1}}}`)].join(" ");
  const parts = [{ type: "BODY", text }];
  return { name, language: Object(language).code, category: "UTILITY", components: parts };
}

/** Makes a template, as far as it is not there, and has it approved. */
async function approved(fixture: Fixture, { name, language, category, components }: Json): Promise<string> {
  const definition = {
    name: name ?? "some_template",
    language: language ?? "en_US",
    category: category ?? "UTILITY",
    components: components ?? [{ type: "BODY", text: "Hi" }],
  };
  const { body } = await fixture.graph("POST", `/${WABA}/message_templates`, definition);
  if (body.id) await fixture.control("POST", `/templates/${body.id}`, { status: "APPROVED" });
  return String(body.id);
}

/** `@/path/file.ogg;type=ogg`, as curl writes a file of a form. */
async function upload({ meta }: Fixture, { file, ...texts }: Json) {
  const name = /[^/;]+\.(\w+)/.exec(String(file));
  const form = new FormData();
  for (const [key, text] of Object.entries(texts)) form.set(key, String(text));
  const type = MIME_TYPES[name?.[1] ?? ""] ?? "";
  form.set("file", new File(["content"], name?.[0] ?? "file", { type }));
  const init = { method: "POST", headers: AUTHORIZATION, body: form };
  const response = await fetch(`${meta.url}/v25.0/${NUMBER}/media`, init);
  return { status: response.status, body: await response.json() };
}

function listOf(value: unknown): Json[] {
  return Array.isArray(value) ? value : [];
}
