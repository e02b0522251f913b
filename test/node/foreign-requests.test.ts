import { describe, it } from "vitest";
import { businessProfile } from "../../src/whatsapp/outbound/business-profile.ts";
import { payloadOf, sendContent } from "../../src/whatsapp/outbound/send-content.ts";
import { templateCreation, templateEdit } from "../../src/whatsapp/outbound/template-definition.ts";
import { foreignFiles } from "./foreign-bodies.ts";

type Request = { name: string; body: Record<string, unknown> };
type Result = { error?: { issues: { path: PropertyKey[] }[] } | undefined };

const LINK = "the link is a placeholder: http(s)://…";
const HEADER_LINK = "template/components/0/parameters/0/image/link";
const NAME = "the name is a placeholder in capitals";

/** What is refused of these examples: where, and why that is right. */
const refused: Record<string, { at: string[]; why: string }> = {
  block_users: {
    at: ["block_users/0/user", "block_users/1/user", "block_users/2/user_id"],
    why: "1 is no phone",
  },
  unblock_users: {
    at: ["block_users/0/user", "block_users/1/user_id", "block_users/2/user_id"],
    why: "1 is no phone",
  },
  send_marketing_message: { at: ["template/language"], why: "a template has a language" },
  "Send-Audio-Message-by-URL": { at: ["audio/link"], why: LINK },
  "Send-Document-Message-by-URL": { at: ["document/link"], why: LINK },
  "Send-Image-Message-by-URL": { at: ["image/link"], why: LINK },
  "Send-Sticker-Message-by-URL": { at: ["sticker/link"], why: LINK },
  "Send-Video-Message-by-URL": { at: ["video/link"], why: LINK },
  "Send-Reply-to-Audio-Message-by-URL": { at: ["audio/link"], why: LINK },
  "Send-Reply-to-Document-Message-by-URL": { at: ["document/link"], why: LINK },
  "Send-Reply-to-Image-Message-by-URL": { at: ["image/link"], why: LINK },
  "Send-Reply-to-Sticker-Message-by-URL": { at: ["sticker/link"], why: LINK },
  "Send-Reply-to-Video-Message-by-URL": { at: ["video/link"], why: LINK },
  "Send-Message-Template-Interactive": { at: [HEADER_LINK], why: LINK },
  "Send-Message-Template-Media": { at: [HEADER_LINK], why: LINK },
  "Send-Multi-Product-Message": {
    at: ["interactive/header/type"],
    why: "the type of its header is a placeholder",
  },
  "Send-Order-Status-Message": {
    at: ["interactive/action/parameters/reference_id"],
    why: "Meta's page allows 35 characters, and this placeholder has 42",
  },
  "Send-Reply-to-List-Message": { at: ["message"], why: "it has no type, and Meta then looks for a text" },
  "Send-Sample-Issue-Resolution-Template": {
    at: [1, 2].flatMap((one) =>
      ["type", "payload"].map((key) => `template/components/${one}/parameters/0/${key}`),
    ),
    why: "its buttons hold a boolean as text",
  },
  "Create-Flow-Template-Message-by-Flow-JSON": { at: ["name"], why: NAME },
  "Create-Flow-Template-Message-by-ID": { at: ["name"], why: NAME },
  "Create-Flow-Template-Message-by-Name": { at: ["name"], why: NAME },
};

const files = foreignFiles().filter(({ name }) => /__req__|\/api__/.test(name));
const requests: Request[] = files.map(({ name, text }) => ({
  name: name.replace(/^.*?\/(?:.*__req__|api__test_)?|\.json$/g, ""),
  body: JSON.parse(text),
}));
const those = (belongs: (request: Request) => boolean) => requests.filter(belongs);
const isEdit = ({ name }: Request) => name === "Edit-template";

const sends = those(({ body }) => "to" in body && ["text", "interactive", "type"].some((key) => key in body));
const others = [
  { schema: businessProfile, of: those(({ body }) => "about" in body || "description" in body) },
  { schema: templateCreation, of: those((one) => "components" in one.body && !isEdit(one)) },
  { schema: templateEdit, of: those(isEdit) },
];
console.info(
  `Requests of other projects: ${[sends, ...others.map(({ of }) => of)].map((all) => all.length)}`,
);

describe.skipIf(requests.length === 0)("a request of another project", () => {
  it.for(sends)("is sent as it is, or refused with reason: $name", ({ name, body }, { expect }) => {
    // Meta takes what has no type for a text.
    const type = String(body.type ?? "text");
    const { [type]: object } = body;
    const { body: message, preview_url: previewUrl } = Object(body.text);
    const content = type === "text" ? { type, message, previewUrl } : { type, [type]: object };
    const parsed = sendContent.safeParse(content);
    expect(pathsOf(parsed)).toEqual(refused[name]?.at ?? []);
    if (parsed.success) expect(payloadOf(parsed.data)).toEqual({ type, [type]: object });
  });

  it.for(others.flatMap(({ schema, of }) => of.map((request) => ({ schema, ...request }))))(
    "is taken as it is, or refused with reason: $name",
    ({ schema, name, body }, { expect }) => {
      const parsed = schema.safeParse(body);
      expect(pathsOf(parsed)).toEqual(refused[name]?.at ?? []);
      if (parsed.success) expect(parsed.data).toEqual(body);
    },
  );

  it("is there for every reason that is given", ({ expect }) => {
    const names = requests.map(({ name }) => name);
    expect(Object.keys(refused).filter((name) => !names.includes(name))).toEqual([]);
    expect([sends, ...others.map(({ of }) => of)].every((all) => all.length > 0)).toBe(true);
  });
});

function pathsOf({ error }: Result): string[] {
  return (error?.issues ?? []).map(({ path }) => path.join("/"));
}
