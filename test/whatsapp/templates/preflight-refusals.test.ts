import { describe, it } from "vitest";
import { preflight } from "../../../src/whatsapp/templates/preflight.ts";
import type { Template } from "../../../src/whatsapp/templates/template.ts";
import { carousel, named } from "./definitions.ts";
import { button, coupon, head, image, inBody, inHeader, one, place, text, track } from "./sent.ts";

describe("a template message", () => {
  it.for<[string, Template, unknown, string, string, RegExp]>([
    [
      "without a variable",
      one,
      inBody(),
      "/components/0/parameters",
      "missing",
      /body's variable \{\{1\}\} has no value/,
    ],
    ["without components", one, undefined, "/components", "missing", /variable \{\{1\}\}/],
    ["with components that are no list", one, "x", "/components", "invalid", /must be a list/],
    [
      "with one variable too many",
      one,
      inBody(text("a"), text("b")),
      "/components/0/parameters/1",
      "unexpected",
      /parameter 2 of this body: it takes 1/,
    ],
    ["with an empty variable", one, inBody(text(" ")), "/components/0/parameters/0", "missing", /is empty/],
    ["with a number", one, inBody(text(5)), "/components/0/parameters/0", "invalid", /must be a text/],
    [
      "with an image for a text",
      one,
      inBody({ type: "image" }),
      "/components/0/parameters/0",
      "wrong_kind",
      /type text or/,
    ],
    ["with a tab", one, inBody(text("a\tb")), "/components/0/parameters/0", "bad_characters", /tabs/],
    [
      "that is too long when filled",
      one,
      inBody(text("x".repeat(1009))),
      "/components/0/parameters",
      "too_long",
      /at most 1024 characters; filled in it has 1025/,
    ],
    [
      "with a name where positions count",
      one,
      inBody(text("a", { parameter_name: "x" })),
      "/components/0/parameters/0/parameter_name",
      "wrong_format",
      /position/,
    ],
    [
      "without a name where names count",
      named,
      inBody(text("a")),
      "/components/0/parameters/0",
      "wrong_format",
      /parameter_name/,
    ],
    [
      "with a name that is unknown",
      named,
      inBody(text("a", { parameter_name: "x" })),
      "/components/0/parameters/0",
      "unexpected",
      /"x"/,
    ],
    ["without its image", image, [], "/components", "missing", /The header's image has no value/],
    [
      "with an image from nowhere",
      image,
      inHeader({ type: "image", image: {} }),
      "/components/0/parameters/0",
      "missing",
      /id or a link/,
    ],
    [
      "with an image twice",
      image,
      inHeader({ type: "image", image: { id: "1", link: "https://a.example" } }),
      "/components/0/parameters/0",
      "invalid",
      /not both/,
    ],
    [
      "with an image over http",
      image,
      inHeader({ type: "image", image: { link: "http://a.example" } }),
      "/components/0/parameters/0",
      "invalid",
      /https/,
    ],
    [
      "with a video for an image",
      image,
      inHeader({ type: "video", video: { id: "1" } }),
      "/components/0/parameters/0",
      "wrong_kind",
      /type image/,
    ],
    [
      "with a place beyond the poles",
      place,
      inHeader({ type: "location", location: { latitude: 91, longitude: 0 } }),
      "/components/0/parameters/0",
      "invalid",
      /latitude/,
    ],
    [
      "with a header where there is none",
      one,
      inHeader(text("x")),
      "/components/0",
      "unexpected",
      /no header/,
    ],
    [
      "with a button out of range",
      track,
      button("2", "url", text("7")),
      "/components/0/index",
      "out_of_range",
      /has 2 buttons/,
    ],
    [
      "with a button without an index",
      track,
      button(undefined, "url", text("7")),
      "/components/0/index",
      "invalid",
      /needs its index/,
    ],
    [
      "with a button of another kind",
      track,
      button("0", "quick_reply", text("7")),
      "/components/0/sub_type",
      "wrong_kind",
      /"Track" is of the kind url/,
    ],
    [
      "with a blank in an address",
      track,
      button("0", "url", text("a b")),
      "/components/0/parameters/0",
      "bad_characters",
      /blanks/,
    ],
    [
      "with a coupon of 16 characters",
      coupon,
      button("0", "copy_code", { type: "coupon_code", coupon_code: "x".repeat(16) }),
      "/components/0/parameters/0",
      "too_long",
      /at most 15 characters; this one has 16/,
    ],
    [
      "with a body twice",
      one,
      [...inBody(text("a")), ...inBody(text("a"))],
      "/components/1",
      "unexpected",
      /twice/,
    ],
    [
      "with a component of no kind",
      one,
      [...inBody(text("a")), { type: "soul" }],
      "/components/1/type",
      "invalid",
      /no such kind/,
    ],
    [
      "with a card that there is not",
      carousel,
      [{ type: "carousel", cards: [{ card_index: 2, components: inBody(text("a")) }] }],
      "/components/0/cards/0/components/0",
      "out_of_range",
      /no card 2/,
    ],
  ])("%s is refused", ([, template, components, pointer, code, pattern], { expect }) => {
    const errors = preflight(template, { ...head, components });
    expect(errors.map((error) => [error.pointer, error.code])).toContainEqual([pointer, code]);
    expect(errors.map(({ detail }) => detail).join("\n")).toMatch(pattern);
    for (const { detail } of errors) expect(detail).toMatch(/^[A-Z].*\.$/);
  });

  it.for(["a\nb", "a\rb", "a\tb", "a     b"])("with a variable that is %j is refused", (body, { expect }) => {
    expect(preflight(one, { ...head, components: inBody(text(body)) })).toMatchObject([
      { pointer: "/components/0/parameters/0", code: "bad_characters" },
    ]);
  });
});
