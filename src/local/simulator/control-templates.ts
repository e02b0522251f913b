import { Hono } from "hono";
import type { Simulation } from "./business.ts";
import { BadInput, type Fields, listOf, parseFields } from "./fields.ts";
import {
  findTemplate,
  type SimulatedTemplate,
  saveTemplate,
  tellOfTemplate,
  templatesOf,
} from "./templates.ts";

const STATUSES = ["PENDING", "APPROVED", "REJECTED", "PAUSED", "DISABLED", "IN_APPEAL", "ARCHIVED", "LOCKED"];
const SCORES = ["GREEN", "YELLOW", "RED", "UNKNOWN"];
const CATEGORIES = ["AUTHENTICATION", "MARKETING", "UTILITY"];

/**
 * What Meta does to templates by itself, mounted at `/simulator/templates`: `GET /?wabaId=`, and
 * `POST /:id {status?, reason?, quality?, category?, body?}`, each of which has its webhook.
 */
export function templateControl(sim: Simulation): Hono {
  const { world } = sim;
  return new Hono()
    .get("/", (c) => {
      const wabaId = c.req.query("wabaId") ?? world.phones[0]?.wabaId ?? "";
      return c.json({ data: templatesOf(world, wabaId) });
    })
    .post("/:id", async (c) => {
      const template = findTemplate(world, c.req.param("id"));
      if (!template) throw new BadInput("id", "is not a template that was made here");
      const body = parseFields(await c.req.text());
      if (!body) throw new BadInput("body", "must be a JSON object");
      return c.json(change(sim, template, body));
    });
}

function change(sim: Simulation, template: SimulatedTemplate, body: Fields): SimulatedTemplate {
  const { status, reason, quality, category, body: text, ...rest } = body;
  for (const key of Object.keys(rest)) throw new BadInput(key, "is not known");
  const next = { ...template };
  const tell = (field: string, more: Fields) => void tellOfTemplate(sim, template, field, more);
  if (status !== undefined) {
    next.status = oneOf(STATUSES, "status", status);
    next.rejectedReason = typeof reason === "string" ? reason : "NONE";
    tell("message_template_status_update", { event: next.status, reason: next.rejectedReason });
  }
  if (quality !== undefined) {
    next.quality = oneOf(SCORES, "quality", quality);
    tell("message_template_quality_update", {
      previous_quality_score: template.quality,
      new_quality_score: next.quality,
    });
  }
  if (category !== undefined) {
    next.category = oneOf(CATEGORIES, "category", category);
    tell("template_category_update", {
      previous_category: template.category,
      new_category: next.category,
    });
  }
  if (text !== undefined) {
    next.components = listOf(template.components).map((one) =>
      one.type === "BODY" ? { ...one, text } : one,
    );
    tell("message_template_components_update", { message_template_element: text });
  }
  return saveTemplate(sim.world, next);
}

function oneOf(words: string[], field: string, value: unknown): string {
  if (typeof value !== "string" || !words.includes(value))
    throw new BadInput(field, `must be one of ${words.join(", ")}`);
  return value;
}
