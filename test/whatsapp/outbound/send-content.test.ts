import { describe, it } from "vitest";
import { interactiveKinds } from "../../../src/whatsapp/outbound/interactive.ts";
import { needsServiceWindow, payloadOf, sendContent } from "../../../src/whatsapp/outbound/send-content.ts";
import { aTemplate, components, contents, interactives } from "./samples.ts";

/** What is said about a content: the path, and the sentence. */
function faultsOf(content: unknown): string[] {
  return (sendContent.safeParse(content).error?.issues ?? []).map(
    ({ path, message }) => `${path.join("/")}: ${message}`,
  );
}

describe("what may be sent", () => {
  it.for(Object.entries(contents))("may be %s, and goes out as it is", ([, content], { expect }) => {
    const parsed = sendContent.parse(content);
    expect(parsed).toEqual(content);
    const payload = payloadOf(parsed);
    expect(Object.keys(payload).sort()).toEqual(["type", payload.type].sort());
    if (content.type !== "text") expect(payload).toEqual(content);
  });

  it("is tried with every kind of interactive message", ({ expect }) => {
    expect(Object.keys(interactives).sort()).toEqual([...interactiveKinds].sort());
    expect(interactiveKinds).toHaveLength(15);
  });

  it("keeps what Meta may add", ({ expect }) => {
    const content = { type: "image", image: { id: "1", tomorrow: { a: [1, null] } } };
    expect(sendContent.parse(content)).toEqual(content);
  });

  it("makes a text Meta's way", ({ expect }) => {
    const text = { type: "text", message: "Hello" } as const;
    expect(payloadOf(text)).toEqual({ type: "text", text: { body: "Hello" } });
    expect(payloadOf({ ...text, previewUrl: false })).toEqual({
      type: "text",
      text: { body: "Hello", preview_url: false },
    });
  });

  it("is outside of the window a template, and nothing else", ({ expect }) => {
    const types = new Set(Object.values(contents).map(({ type }) => String(type)));
    expect([...types].filter((type) => !needsServiceWindow(type))).toEqual(["template"]);
  });

  it("may have several components and buttons, all named or none", ({ expect }) => {
    const all = ["header text", "body by position", "quick_reply"].map((name) => components[name]);
    const second = { ...components.url, index: 1 };
    expect(faultsOf(aTemplate([...all, second]))).toEqual([]);
  });

  it("names a field that we do not know, beside the object", ({ expect }) => {
    const { error } = sendContent.safeParse({ type: "image", image: { id: "1" }, message: "Hi" });
    expect(error?.issues).toMatchObject([{ code: "unrecognized_keys", keys: ["message"], path: [] }]);
  });
});
