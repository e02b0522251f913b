import { Hono } from "hono";
import { allPhones } from "./accounts.ts";
import type { Simulation } from "./business.ts";
import { BadInput, type Fields, listOf, parseBody } from "./fields.ts";
import {
  findTemplate,
  type SimulatedTemplate,
  saveTemplate,
  sendTemplateWebhook,
  templatesOf,
} from "./templates.ts";

const STATUSES = ["PENDING", "APPROVED", "REJECTED", "PAUSED", "DISABLED", "IN_APPEAL", "ARCHIVED", "LOCKED"];
const SCORES = ["GREEN", "YELLOW", "RED", "UNKNOWN"];
const CATEGORIES = ["AUTHENTICATION", "MARKETING", "UTILITY"];

/**
 * Changes that Meta makes to templates, mounted at `/simulator/templates`: `GET /?wabaId=` lists them, and
 * `POST /:id {status?, reason?, quality?, category?, body?}` changes one and sends a webhook for each field.
 */
export function templateControl(sim: Simulation): Hono {
  const { world } = sim;
  return new Hono()
    .get("/", (c) => {
      const wabaId = c.req.query("wabaId") ?? allPhones(world)[0]?.wabaId ?? "";
      return c.json({ data: templatesOf(world, wabaId) });
    })
    .post("/:id", async (c) => {
      const template = findTemplate(world, c.req.param("id"));
      if (!template) throw new BadInput("id", "is not a template of this simulator");
      return c.json(change(sim, template, parseBody(await c.req.text())));
    });
}

function change(sim: Simulation, template: SimulatedTemplate, body: Fields): SimulatedTemplate {
  const { status, reason, quality, category, body: text, ...rest } = body;
  for (const key of Object.keys(rest)) throw new BadInput(key, "is unknown");
  const next = { ...template };
  const notify = (field: string, value: Fields) => void sendTemplateWebhook(sim, template, field, value);
  if (status !== undefined) {
    next.status = oneOf(STATUSES, "status", status);
    next.rejectedReason = typeof reason === "string" ? reason : "NONE";
    notify("message_template_status_update", { event: next.status, reason: next.rejectedReason });
  }
  if (quality !== undefined) {
    next.quality = oneOf(SCORES, "quality", quality);
    notify("message_template_quality_update", {
      previous_quality_score: template.quality,
      new_quality_score: next.quality,
    });
  }
  if (category !== undefined) {
    next.category = oneOf(CATEGORIES, "category", category);
    notify("template_category_update", {
      previous_category: template.category,
      new_category: next.category,
    });
  }
  if (text !== undefined) {
    next.components = listOf(template.components).map((component) =>
      component.type === "BODY" ? { ...component, text } : component,
    );
    notify("message_template_components_update", { message_template_element: text });
  }
  return saveTemplate(sim.world, next);
}

function oneOf(allowed: string[], field: string, value: unknown): string {
  if (typeof value !== "string" || !allowed.includes(value))
    throw new BadInput(field, `must be one of ${allowed.join(", ")}`);
  return value;
}
