import { describe, it } from "vitest";
import { problemCodes, problems } from "../../src/errors.ts";
import { ask } from "../support/worker.ts";

async function readPage(path = "/docs/problems") {
  const answer = await ask(path);
  return { answer, text: await answer.text() };
}

describe("the page of problem codes", () => {
  it("is where the `type` of a problem document leads", async ({ expect }) => {
    const refusal = await ask("/api/waba/chats");
    const { type, title } = await refusal.json<{ type: string; title: string }>();
    const { answer, text } = await readPage(type);
    expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "text/html; charset=UTF-8"]);
    const [, section = ""] = text.split(`<section id="${new URL(type, "http://a").hash.slice(1)}">`);
    expect(section.startsWith(`\n<h2>${title}</h2>`)).toBe(true);
  });

  it("explains each code once: title, status, what happened and what to do", async ({ expect }) => {
    const { text } = await readPage();
    const sections = [...text.matchAll(/<section id="(\w+)">\n([\s\S]*?)<\/section>/g)];
    expect(sections.map(([, code]) => code)).toEqual(problemCodes);
    for (const code of problemCodes) {
      const [, , section = ""] = sections.find(([, id]) => id === code) ?? [];
      const { title, status } = problems[code];
      expect(section).toContain(`<h2>${title}</h2>`);
      expect(section).toContain(`HTTP status ${status}.`);
      const [, happened = "", toDo = ""] = section.split(/<h3>[\w ]+<\/h3>\n/);
      for (const paragraph of [happened, toDo])
        expect(paragraph).toMatch(/^<p>(?:<code>|[\w,]).+[.]<\/p>\n$/);
    }
    expect(text).not.toContain("`");
  });

  it("runs no script, and takes nothing from another host", async ({ expect }) => {
    const { answer, text } = await readPage();
    expect(answer.headers.get("content-security-policy")).toMatch(/^default-src 'none'; style-src 'self';/);
    expect(text).not.toMatch(/<script|style=|https?:/);
  });
});
