import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, it } from "vitest";
import { isObject, type JsonObject } from "../../src/whatsapp/json-text.ts";
import { templateForm } from "../../src/whatsapp/templates/form.ts";
import { parseTemplate } from "../../src/whatsapp/templates/parse-template.ts";
import { preflight } from "../../src/whatsapp/templates/preflight.ts";
import { templateBody } from "../../src/whatsapp/templates/preview.ts";
import { templateEvent, templateFields } from "../../src/whatsapp/templates/template-event.ts";

/** Payloads of other projects, which are no part of this one: tests need them beside it, and say how many ran. */
const folder = new URL("../../../shared/fixtures/meta/", import.meta.url);
const isThere = existsSync(folder);
const files = isThere
  ? readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".json"))
      .map((name) => ({ name, json: JSON.parse(readFileSync(new URL(name, folder), "utf8")) }))
  : [];
const definitions = collect((value) => Array.isArray(value.components) && "category" in value);
const sends = collect((value) => isObject(value.language) && typeof value.name === "string");
const events = collect((value) => templateFields.some((field) => field === value.field));
console.info(
  `Of other projects: ${definitions.length} templates, ${sends.length} sends, ${events.length} events`,
);

describe.skipIf(!isThere)("a template of another project", () => {
  it("is there", ({ expect }) => {
    expect([definitions, sends, events].every(({ length }) => length >= 8)).toBe(true);
  });

  it.for(definitions)("is understood in all its parts: $name", ({ value }, { expect }) => {
    const { header, buttons, body, name } = parseTemplate(value);
    expect(name).not.toBe("");
    expect(body).not.toBeNull();
    expect([header?.kind, ...buttons.map(({ kind }) => kind)]).not.toContain("other");
    const holes = JSON.stringify(value.components).match(/\{\{\d+\}\}/g) ?? [];
    const asked = templateForm(parseTemplate(value)).filter(({ variable }) => variable !== null);
    if (value.category !== "AUTHENTICATION") expect(asked).toHaveLength(holes.length);
  });

  it.for(sends)(
    "that was sent is checked against any definition, and shown: $name",
    ({ value: send }, { expect }) => {
      for (const { value } of definitions) {
        const template = parseTemplate(value);
        preflight(template, send);
        expect(templateBody(template, send)).not.toBe("");
      }
      const text = Array.from({ length: 9 }, (_, i) => `{{${i + 1}}}`).join(" ");
      const texts = JSON.stringify(send.components ?? []).match(/fallback_value|"text":"/g) ?? [];
      const shown = templateBody(parseTemplate({ components: [{ type: "BODY", text }] }), send);
      if (texts.length > 0) expect(shown).not.toMatch(/^\{\{1\}\}/);
    },
  );

  it.for(events)("of which a webhook speaks is found: $name", ({ value }, { expect }) => {
    const event = templateEvent({ field: String(value.field), value: value.value });
    expect(event?.templateId).toMatch(/^\d+$/);
    expect(Object.keys(event ?? {}).length).toBeGreaterThan(4);
  });
});

/** Everything in those files that is such an object, wherever it stands. */
function collect(isOne: (value: JsonObject) => boolean): { name: string; value: JsonObject }[] {
  const found: { name: string; value: JsonObject }[] = [];
  for (const { name, json } of files) {
    JSON.stringify(json, (_, value: unknown) => {
      if (isObject(value) && isOne(value)) found.push({ name, value });
      return value;
    });
  }
  return found;
}
