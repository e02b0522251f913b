import fc from "fast-check";
import { describe, it } from "vitest";
import { fillTemplate, parseValues } from "../../../src/whatsapp/templates/fill.ts";
import { templateForm } from "../../../src/whatsapp/templates/form.ts";
import { parseTemplate } from "../../../src/whatsapp/templates/parse-template.ts";
import { preflight } from "../../../src/whatsapp/templates/preflight.ts";
import { templateBody, templatePreview } from "../../../src/whatsapp/templates/preview.ts";
import type { TemplateValues } from "../../../src/whatsapp/templates/template.ts";
import { filledTemplate, nearly } from "./arbitrary-templates.ts";

const runs = { numRuns: 200 };

describe("any template of Meta's", () => {
  it("passes the check with whatever its form allows, unless a text with several variables gets too long", ({
    expect,
  }) => {
    let whole = 0;
    fc.assert(
      fc.property(filledTemplate(), ({ template, values }) => {
        const send = fillTemplate(template, values);
        const errors = preflight(template, send);
        const isAlone = templateForm(template).every(({ where, kind }, i, all) =>
          kind === "text"
            ? all.findIndex((one) => JSON.stringify(one.where) === JSON.stringify(where)) === i
            : true,
        );
        expect(errors.filter(({ code }) => code !== "too_long" || isAlone)).toEqual([]);
        if (errors.length === 0) whole++;
      }),
      runs,
    );
    expect(whole).toBeGreaterThan(40);
  });

  it("gives back the values that were filled in, and shows every word of them", ({ expect }) => {
    fc.assert(
      fc.property(filledTemplate(), ({ template, values }) => {
        const send = fillTemplate(template, values);
        expect(parseValues(template, JSON.parse(JSON.stringify(send)))).toEqual(values);
        const shown = templateBody(template, send);
        for (const { key, kind } of templateForm(template)) {
          if (kind === "text") expect(shown).toContain(values[key]);
        }
        expect(shown).not.toMatch(/\{\{\d\}\}/);
      }),
      runs,
    );
  });

  it("names what is missing when one value is", ({ expect }) => {
    fc.assert(
      fc.property(filledTemplate(), fc.nat(), ({ template, values }, n) => {
        const needed = templateForm(template).filter(({ required }) => required);
        const left = needed[n % needed.length];
        if (!left) return;
        const { [left.key]: _, ...rest } = values;
        const codes = preflight(template, fillTemplate(template, rest)).map(({ code }) => code);
        expect(codes).toContain("missing");
      }),
      runs,
    );
  });
});

describe("anything at all", () => {
  it("is read, shown and checked without a throw, and within bounds", ({ expect }) => {
    const odd = fc.oneof(fc.jsonValue({ maxDepth: 6 }), nearly());
    fc.assert(
      fc.property(odd, odd, odd, (definition, send, values) => {
        const template = parseTemplate(definition);
        const some = (typeof values === "object" && values !== null ? values : {}) as TemplateValues;
        templatePreview(template, some);
        fillTemplate(template, some);
        expect(preflight(template, send, { phone: null, userId: null }).length).toBeLessThanOrEqual(40);
        expect(templateBody(template, send)).not.toBe("");
        expect(templateBody(null, send)).toMatch(/^\[template/);
      }),
      { numRuns: 500 },
    );
  });
});
